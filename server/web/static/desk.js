"use strict";
// The keys of the desks' pages, and the scanner. Everything works without this file, by Tab and Enter.
(() => {
  const typing = (/** @type {Element | null} */ element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element instanceof HTMLTextAreaElement ||
      element instanceof HTMLSelectElement ||
      (element instanceof HTMLInputElement &&
        !["checkbox", "radio", "button", "submit"].includes(element.type)));

  /** "Ctrl+Enter" of a key press, as data-key writes it. */
  const nameOf = (/** @type {KeyboardEvent} */ event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const digit = /^Digit(\d)$/.exec(event.code);
    return (
      (event.ctrlKey || event.metaKey ? "Ctrl+" : "") +
      (event.altKey ? "Alt+" : "") +
      (digit && event.altKey ? digit[1] : key)
    );
  };

  /** Where typing begins in a form or a part of it. */
  const firstField = (/** @type {Element | null} */ within) => {
    for (const field of within?.querySelectorAll("input:not([type=hidden]), select, textarea") ?? [])
      if (field instanceof HTMLElement && field.offsetParent !== null) return field;
    return null;
  };

  const use = (/** @type {HTMLElement} */ element) => {
    if (element instanceof HTMLInputElement && ["checkbox", "radio"].includes(element.type)) element.focus();
    else if (typing(element)) {
      element.focus();
      if (element instanceof HTMLInputElement) element.select();
    } else if (element.matches("summary")) {
      element.click();
      firstField(element.parentElement)?.focus();
    } else if (element.matches("a, button")) element.click();
    else element.focus();
  };

  // What is typed on a page without drafts is not thrown away by a slip of Esc or F5: the browser asks first.
  const guarded = document.querySelector("form[data-guard]");
  if (guarded instanceof HTMLFormElement) {
    if (document.activeElement === document.body) firstField(guarded)?.focus();
    let sent = false;
    guarded.addEventListener("submit", () => (sent = true));
    const isChanged = () =>
      [...guarded.elements].some((field) =>
        field instanceof HTMLSelectElement
          ? [...field.options].some((option) => option.selected !== option.defaultSelected)
          : field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)
            ? field.checked !== field.defaultChecked
            : (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) &&
              field.value !== field.defaultValue,
      );
    addEventListener("beforeunload", (event) => {
      if (!sent && isChanged()) event.preventDefault();
    });
    // Back in the page by the browser's own memory: it may be left again.
    addEventListener("pageshow", () => (sent = false));
  }

  // A scanner types a whole code within a blink and presses Enter; nobody types that fast.
  const CODE = /(?:^|\/tra-cuu\/)([0-9.]+\.H\d\d-\d{6}-\d{4,})$/i;
  let scanned = "";
  let last = 0;
  let before = "";
  const scan = (/** @type {KeyboardEvent} */ event) => {
    const now = performance.now();
    const field = event.target;
    if (now - last > 60) {
      scanned = "";
      before = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value : "";
    }
    last = now;
    if (event.key.length === 1) {
      scanned += event.key;
      return false;
    }
    if (event.key !== "Enter") return false;
    const code = scanned.length >= 20 ? CODE.exec(scanned.trim()) : null;
    scanned = "";
    if (code === null || !code[1]) return false;
    if (field instanceof HTMLInputElement && field.dataset.scan !== undefined) return false;
    event.preventDefault();
    event.stopPropagation();
    // What the scanner typed into a field is taken out again before the page is left.
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
      field.value = before;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    location.assign(`/ho-so/mo?ma=${encodeURIComponent(code[1])}`);
    return true;
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing || scan(event)) return;
      const name = nameOf(event);
      const plain = /^.$/.test(name) || name === "Enter";
      if (plain && typing(document.activeElement)) return;
      for (const element of document.querySelectorAll("[data-key]"))
        if (element instanceof HTMLElement && element.dataset.key === name && element.offsetParent !== null) {
          event.preventDefault();
          use(element);
          return;
        }
    },
    true,
  );

  // j and k move through the rows of a list, Enter opens, x selects.
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row instanceof HTMLElement);
  let at = -1;
  const go = (/** @type {number} */ to) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!row) return;
    at = rows.indexOf(row);
    const link = row.querySelector("a[href]");
    if (link instanceof HTMLElement) link.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  if (rows.length > 0)
    document.addEventListener("keydown", (event) => {
      if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.altKey ||
        event.metaKey ||
        typing(document.activeElement)
      )
        return;
      const here = rows.findIndex((row) => row.contains(document.activeElement));
      if (here >= 0) at = here;
      if (event.key === "j") go(at + 1);
      else if (event.key === "k") go(at - 1);
      else if (event.key === "x") {
        const box = rows[at]?.querySelector("input[type=checkbox]");
        if (box instanceof HTMLInputElement) box.click();
      } else return;
      event.preventDefault();
    });

  // A form is sent once: a second press while the first is under way does nothing. Coming back makes it usable again.
  for (const form of document.querySelectorAll("form[method=post]"))
    form.addEventListener("submit", (event) => {
      if (form instanceof HTMLFormElement && form.dataset.sent === "yes") event.preventDefault();
      else if (form instanceof HTMLFormElement) form.dataset.sent = "yes";
    });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  });

  const wrong = document.querySelector("[data-focus]");
  if (wrong instanceof HTMLElement) wrong.focus();
})();
