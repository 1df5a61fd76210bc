"use strict";
// Receiving: suggestions while one types, the draft, and the line that is cut. All of it works without this file.
(() => {
  const KEPT_HERE = "mot-cua-nhap";
  const HOURS_12 = 12 * 3_600_000;
  const $ = (/** @type {string} */ id) => document.getElementById(id);

  const form = $("ho-so-moi");
  const named = form?.querySelector("[name=_lan]");
  // Which form this tab has: its address, its draft and its copy on this machine are named by it.
  const phieu = named instanceof HTMLInputElement ? named.value : "";
  const KEPT = `${KEPT_HERE}:${phieu}`;
  const addressOf = (/** @type {string} */ code) =>
    `/tiep-nhan?${new URLSearchParams({ ...(phieu === "" ? {} : { phieu }), thuTuc: code })}`;

  // Copies of forms that nobody came back to.
  for (const name of Object.keys(localStorage))
    if (name.startsWith(KEPT_HERE)) {
      const at = /"at":(\d+)/.exec(localStorage.getItem(name) ?? "")?.[1];
      if (!name.includes(":") || Date.now() - Number(at ?? 0) > HOURS_12) localStorage.removeItem(name);
    }

  // Suggestions.
  const field = $("tim");
  const list = $("goi-y");
  if (field instanceof HTMLInputElement && list) {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-controls", "goi-y");
    field.setAttribute("aria-expanded", "false");
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Thủ tục khớp");
    let asked = 0;
    let chosen = -1;
    const close = () => {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
      chosen = -1;
    };
    const mark = (/** @type {number} */ to) => {
      const items = [...list.children];
      chosen = Math.max(0, Math.min(items.length - 1, to));
      items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
      field.setAttribute("aria-activedescendant", items[chosen]?.id ?? "");
    };
    const open = async (/** @type {string | undefined} */ code) => {
      if (!code) return;
      await save();
      location.assign(addressOf(code));
    };
    field.addEventListener("input", () => {
      const turn = ++asked;
      const text = field.value.trim();
      if (text.length < 2) return close();
      setTimeout(async () => {
        if (turn !== asked) return;
        const answer = await fetch(`/tiep-nhan/tim?q=${encodeURIComponent(text)}`).catch(() => undefined);
        if (!answer?.ok || turn !== asked) return;
        /** @type {{code: string, name: string, field: string}[]} */
        const found = await answer.json();
        list.replaceChildren(
          ...found.map(({ code, name, field: area }, at) => {
            const item = document.createElement("li");
            item.id = `goi-y-${at}`;
            item.setAttribute("role", "option");
            item.dataset.code = code;
            const muted = document.createElement("span");
            muted.className = "muted";
            muted.textContent = ` ${code} · ${area}`;
            item.append(name, muted);
            item.addEventListener("mousedown", (event) => {
              event.preventDefault();
              void open(code);
            });
            return item;
          }),
        );
        list.hidden = found.length === 0;
        field.setAttribute("aria-expanded", String(found.length > 0));
        if (found.length > 0) mark(0);
      }, 120);
    });
    field.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(chosen + 1);
      else if (event.key === "ArrowUp") mark(chosen - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter")
        void open(list.children[chosen]?.getAttribute("data-code") ?? undefined);
      else return;
      event.preventDefault();
    });
    field.addEventListener("blur", () => setTimeout(close, 150));
  }

  const says = $("trang-thai-nhap");
  if (!(form instanceof HTMLFormElement) || !says) return;

  // A page that a sent form answered with has no such address yet.
  const ofProcedure = new FormData(form).get("procedureCode");
  if (!new URLSearchParams(location.search).has("phieu"))
    history.replaceState(null, "", addressOf(String(ofProcedure)));

  const contents = () => new URLSearchParams(/** @type {any} */ (new FormData(form)));

  // What is typed goes to the server as a draft; while the line is cut it stays here, encrypted under the session.
  const raw = $("khoa-nhap");
  const secret = raw instanceof HTMLInputElement ? raw.value : "";
  const usable = secret !== "" && typeof crypto !== "undefined" && crypto.subtle !== undefined;
  const seal = usable
    ? crypto.subtle.importKey(
        "raw",
        Uint8Array.from(atob(secret), (c) => c.charCodeAt(0)),
        "AES-GCM",
        false,
        ["encrypt", "decrypt"],
      )
    : undefined;
  const keepHere = async () => {
    if (!seal) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv },
      await seal,
      new TextEncoder().encode(contents().toString()),
    );
    const text = (/** @type {Uint8Array} */ bytes) => btoa(String.fromCharCode(...bytes));
    localStorage.setItem(
      KEPT,
      JSON.stringify({ at: Date.now(), iv: text(iv), data: text(new Uint8Array(data)) }),
    );
  };
  const bringBack = async () => {
    const kept = localStorage.getItem(KEPT);
    if (!kept || !seal) return;
    try {
      const { iv, data } = JSON.parse(kept);
      const bytes = (/** @type {string} */ text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, await seal, bytes(data));
      const typed = new URLSearchParams(new TextDecoder().decode(clear));
      if (typed.get("procedureCode") !== contents().get("procedureCode")) return;
      for (const element of form.elements) {
        if (!(
          element instanceof HTMLInputElement ||
          element instanceof HTMLSelectElement ||
          element instanceof HTMLTextAreaElement
        ))
          continue;
        if (!element.name || element.name === "_csrf") continue;
        if (element instanceof HTMLInputElement && ["checkbox", "radio"].includes(element.type))
          element.checked = typed.getAll(element.name).includes(element.value);
        else if (typed.has(element.name)) element.value = typed.get(element.name) ?? "";
      }
      says.textContent = "Đã lấy lại nội dung giữ trên máy khi mất kết nối.";
    } catch {
      // Another session's: it cannot be read, and need not be.
      localStorage.removeItem(KEPT);
    }
  };

  let last = contents().toString();
  let saving = Promise.resolve();
  let sending = false;
  async function save() {
    if (!(form instanceof HTMLFormElement) || !says) return;
    const now = contents().toString();
    if (now === last || sending) return;
    try {
      const answer = await fetch("/tiep-nhan/nhap", { method: "POST", body: contents(), redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { said, unsaved } = await answer.json();
      says.textContent = said;
      says.className = unsaved ? "error" : "muted";
      last = now;
      if (unsaved) await keepHere();
      else localStorage.removeItem(KEPT);
    } catch (error) {
      await keepHere();
      says.className = "error";
      says.textContent = String(error).includes("401")
        ? "Phiên làm việc đã hết hạn: cứ nhập tiếp rồi gửi, hệ thống sẽ hỏi đăng nhập và giữ nguyên nội dung."
        : "Mất kết nối: nội dung vẫn được giữ trên máy này, hệ thống tự thử lại.";
    }
  }
  const soon = () => (saving = saving.then(save));
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(soon, 1_200);
  });
  setInterval(soon, 5_000);
  addEventListener("pagehide", () => {
    if (contents().toString() !== last) navigator.sendBeacon("/tiep-nhan/nhap", contents());
  });

  // Choosing another procedure or case opens the form anew: what is typed must be there before.
  for (const chooser of document.querySelectorAll("form[method=get]"))
    if (chooser instanceof HTMLFormElement && chooser.querySelector("[name=phieu]"))
      chooser.addEventListener("submit", async (event) => {
        event.preventDefault();
        await save();
        chooser.submit();
      });

  // Sent through a fetch, so that a cut line leaves the form as it is; the same key makes a second try the same one.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { submitter } = event;
    const body = contents();
    if (submitter instanceof HTMLButtonElement && submitter.name) body.set(submitter.name, submitter.value);
    says.className = "muted";
    says.textContent = "Đang gửi…";
    // A draft under way must not come after what ends it.
    sending = true;
    await Promise.race([saving, new Promise((resolve) => setTimeout(resolve, 2_000))]);
    try {
      const answer = await fetch("/tiep-nhan", { method: "POST", body });
      if (answer.redirected) {
        localStorage.removeItem(KEPT);
        last = contents().toString();
        location.assign(answer.url);
        return;
      }
      const html = await answer.text();
      last = contents().toString();
      document.open();
      document.write(html);
      document.close();
    } catch {
      sending = false;
      form.removeAttribute("data-sent");
      await keepHere();
      says.className = "error";
      says.textContent =
        "Chưa gửi được vì mất kết nối. Nội dung vẫn còn nguyên; khi có mạng, bấm gửi lại, hồ sơ không bị nhập hai lần.";
    }
  });

  // A tax code is a company's as a rule; the officer may say otherwise.
  for (const path of ["applicant", "owner"]) {
    const type = $(`${path}.identity.type`);
    const kind = $(`${path}.kind`);
    if (!(type instanceof HTMLSelectElement && kind instanceof HTMLSelectElement)) continue;
    let byTaxCode = false;
    kind.addEventListener("change", () => (byTaxCode = false));
    type.addEventListener("change", () => {
      if (type.value === "taxCode" && kind.value === "citizen") {
        kind.value = "business";
        byTaxCode = true;
      } else if (type.value !== "taxCode" && byTaxCode) {
        kind.value = "citizen";
        byTaxCode = false;
      }
    });
  }

  // Who this number was, and whether his dossier is open already.
  const number = document.getElementById("applicant.identity.number");
  const place = $("ho-so-truoc");
  if (number instanceof HTMLInputElement && place)
    number.addEventListener("change", async () => {
      const answer = await fetch("/tiep-nhan/nguoi-nop", { method: "POST", body: contents() }).catch(
        () => undefined,
      );
      if (!answer?.ok) return;
      /** @type {{code?: string, duplicates: string[]}} */
      const { code, duplicates } = await answer.json();
      const parts = [];
      if (duplicates.length > 0) {
        const warning = document.createElement("p");
        warning.className = "notice soon";
        warning.setAttribute("role", "alert");
        warning.textContent = `Có thể trùng: người này đang có hồ sơ cùng thủ tục chưa kết thúc (${duplicates.join(", ")}).`;
        parts.push(warning);
      }
      if (code) {
        const offer = document.createElement("div");
        offer.className = "notice";
        const text = document.createElement("p");
        text.textContent = `Đơn vị đã có hồ sơ trước của số này (${code}).`;
        const box = document.createElement("input");
        box.type = "checkbox";
        box.name = "_dongY";
        box.value = "co";
        box.dataset.key = "F8";
        const label = document.createElement("label");
        label.className = "tick";
        const words = document.createElement("span");
        words.textContent = "Người nộp đồng ý dùng lại thông tin (F8)";
        label.append(box, words);
        const button = document.createElement("button");
        button.type = "submit";
        button.className = "govuk-button govuk-button--secondary";
        button.name = "viec";
        button.value = "dien";
        button.textContent = "Điền lại";
        offer.append(text, label, button);
        parts.push(offer);
      }
      place.replaceChildren(...parts);
    });

  // Enter, also a scanner's, goes on to the next field; Ctrl+Enter receives.
  form.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.key !== "Enter" || event.ctrlKey || !(target instanceof HTMLInputElement)) return;
    event.preventDefault();
    const fields = [...form.elements].filter(
      (one) =>
        one instanceof HTMLElement &&
        one.offsetParent !== null &&
        !one.matches("[type=hidden], [tabindex='-1'], fieldset"),
    );
    const next = fields[fields.indexOf(target) + 1];
    if (next instanceof HTMLElement) next.focus();
  });

  void bringBack();
})();
