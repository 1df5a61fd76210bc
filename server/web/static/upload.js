"use strict";
// @ts-check
// Uploading scans: dropped or chosen, one request a file, each with its bar and its own answer. Works without this file.
(() => {
  const form = document.querySelector("form.upload-form");
  const input = document.querySelector("form.upload-form input[type=file]");
  const list = document.querySelector("form.upload-form .upload-list");
  if (
    !(form instanceof HTMLFormElement) ||
    !(input instanceof HTMLInputElement) ||
    !(list instanceof HTMLElement)
  )
    return;
  const drop = input.closest(".drop") ?? form;
  for (const kind of ["dragover", "dragenter"])
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = /** @type {DragEvent} */ (event).dataTransfer?.files;
    if (files && files.length > 0) input.files = files;
  });

  let busy = false;
  form.addEventListener("submit", async (event) => {
    if (!input.files || input.files.length === 0) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    list.hidden = false;
    list.replaceChildren();
    const rows = [...input.files].map((file) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = `${file.name} `;
      const bar = document.createElement("progress");
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", `Đang tải ${file.name}`);
      const said = document.createElement("span");
      row.append(name, bar, said);
      list.append(row);
      return { file, bar, said };
    });
    let all = true;
    for (const { file, bar, said } of rows) {
      const answer = await send(file, bar);
      bar.remove();
      said.textContent = answer.text;
      said.className = answer.taken ? "taken" : "refused";
      all = all && answer.taken;
    }
    busy = false;
    if (all) location.assign(`${location.pathname}?xong=tep`);
    else input.value = "";
  });

  /** @param {File} file @param {HTMLProgressElement} bar @returns {Promise<{taken: boolean, text: string}>} */
  function send(file, bar) {
    const body = new FormData();
    for (const field of /** @type {HTMLFormElement} */ (form).elements)
      if (
        (field instanceof HTMLInputElement && field.type === "hidden") ||
        field instanceof HTMLSelectElement
      )
        body.append(field.name, field.value);
    body.append("file", file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", /** @type {HTMLFormElement} */ (form).action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = ({ loaded, total }) => (bar.value = total > 0 ? loaded / total : 0);
      request.onerror = () => resolve({ taken: false, text: "Mất kết nối. Hãy thử lại." });
      request.onload = () => {
        try {
          const answer = JSON.parse(request.responseText);
          resolve(answer.files?.[0] ?? { taken: false, text: answer.detail ?? "Chưa tải lên được." });
        } catch {
          resolve({ taken: false, text: "Chưa tải lên được. Hãy tải lại trang rồi thử lại." });
        }
      };
      request.send(body);
    });
  }
})();
