// A paid page shows its check mark, and then leads on to the merchant.

const MILLISECONDS = 1200;

const link = document.getElementById("onward");
setTimeout(() => location.replace(link.href), MILLISECONDS);
