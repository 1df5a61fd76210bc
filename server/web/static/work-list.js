"use strict";
// The box that ticks all rows, and how many are ticked. Without this file rows are ticked one by one.
(() => {
  const all = document.querySelector("[data-all]");
  const told = document.querySelector("[data-chosen]");
  const boxes = [...document.querySelectorAll("[data-row] input[type=checkbox]")].filter(
    (box) => box instanceof HTMLInputElement,
  );
  if (!(all instanceof HTMLInputElement) || boxes.length === 0) return;
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    if (told) told.textContent = ticked === 0 ? "Với hồ sơ đã chọn:" : `Đã chọn ${ticked} hồ sơ:`;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  addEventListener("pageshow", tell);
})();
