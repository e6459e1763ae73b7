// The answer to a form becomes a page like any other: to reload it, or to come back to it, sends no form again. What was
// typed is kept nowhere.

const isNotice = location.search === "?cancelled";
history.replaceState(history.state, "", isNotice ? location.pathname : location.href);
