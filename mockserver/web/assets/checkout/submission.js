// A form on its way: its buttons rest and a spinner turns until the answer comes, however long the mock takes.

const processing = document.getElementById("progress");
let isOnItsWay = false;

function isPayment(form, submitter) {
  const action = (submitter?.name === "action" ? submitter : form.querySelector("input[name=action]"))?.value;
  return action === "pay" && submitter?.name !== "fill";
}

function setBusy(isBusy) {
  isOnItsWay = isBusy;
  document.body.classList.toggle("is-busy", isBusy);
  for (const button of document.querySelectorAll("main button")) button.disabled = isBusy;
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (isOnItsWay) {
    event.preventDefault();
    return;
  }
  isOnItsWay = true;
  if (isPayment(form, submitter)) {
    const label = document.querySelector(".pay .label");
    if (label) {
      label.dataset.text ??= label.textContent;
      label.textContent = "Processing";
    }
    if (processing) processing.textContent = "Your payment is processed.";
  }
  // later: a button that rests is not sent
  setTimeout(() => setBusy(true));
});

document.addEventListener("formdata", ({ target, formData }) => {
  if (formData.get("action") === "pay" && target.matches("#pay, #bank")) formData.set("script", "on");
});

// the browser may restore this page when the buyer comes back
addEventListener("pageshow", () => {
  const label = document.querySelector(".pay .label");
  if (label?.dataset.text) label.textContent = label.dataset.text;
  if (processing && isOnItsWay) processing.textContent = "";
  setBusy(false);
});
