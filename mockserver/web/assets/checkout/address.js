// The label of the postal code says whether the chosen country needs one.

const form = document.getElementById("pay");
const required = JSON.parse(form.dataset.postal);
const note = document.getElementById("postal-note");

function renderNote() {
  note.textContent = form.elements.country.value in required ? "" : " (optional)";
}

form.elements.country.addEventListener("change", renderNote);
addEventListener("pageshow", renderNote);
