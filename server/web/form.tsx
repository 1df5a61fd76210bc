import { randomUUID } from "node:crypto";
import type { ComponentChildren, JSX, VNode } from "preact";
import type { Desk } from "./desk.ts";

/** What is wrong with a field, by its name. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

export interface FormProps {
  desk: Desk;
  action: string;
  /** One key for one intent: sent again, by a double click or after a lost line, it is done once. */
  once?: string;
  id?: string;
  class?: string;
  files?: boolean;
  /** What is typed here is in no draft: the browser asks before the page is left (desk.js). */
  guard?: boolean;
  children: ComponentChildren;
}

/** A form that changes something: with who filled it in, the token against forged ones, and the key against doubles. */
export function Form({ desk, action, once, files, guard, children, ...rest }: FormProps): VNode {
  return (
    <form
      method="post"
      action={action}
      noValidate
      {...(files === true ? { encType: "multipart/form-data" } : {})}
      {...(guard === true ? { "data-guard": "" } : {})}
      {...rest}
    >
      <input type="hidden" name="_csrf" value={desk.csrf} />
      <input type="hidden" name="_nguoi" value={desk.username} />
      <input type="hidden" name="_lan" value={once ?? randomUUID()} />
      {children}
    </form>
  );
}

interface Named {
  name: string;
  label: ComponentChildren;
  value?: string | undefined;
  error?: string | undefined;
  hint?: ComponentChildren;
}

/** What ties a field to its hint and its error. */
function described({ name, hint, error }: Named) {
  const ids = [hint === undefined ? "" : `${name}-hint`, error === undefined ? "" : `${name}-error`];
  const by = ids.filter((id) => id !== "").join(" ");
  return {
    ...(by === "" ? {} : { "aria-describedby": by }),
    ...(error === undefined ? {} : { "aria-invalid": true as const }),
  };
}

function Around({ field, children }: { field: Named; children: ComponentChildren }): VNode {
  const { name, label, hint, error } = field;
  return (
    <div class={`govuk-form-group${error === undefined ? "" : " govuk-form-group--error"}`}>
      <label class="govuk-label" for={name}>
        {label}
      </label>
      {hint !== undefined && (
        <div id={`${name}-hint`} class="govuk-hint">
          {hint}
        </div>
      )}
      {error !== undefined && <ErrorText name={name} text={error} />}
      {children}
    </div>
  );
}

function ErrorText({ name, text }: { name: string; text: string }): VNode {
  return (
    <p id={`${name}-error`} class="govuk-error-message">
      <span class="govuk-visually-hidden">Lỗi:</span> {text}
    </p>
  );
}

export interface TextFieldProps extends Named {
  type?: "text" | "password" | "search" | "tel" | "email" | "file";
  inputMode?: "numeric" | "tel" | "email" | "text";
  autocomplete?: string;
  /** The key that puts the cursor here. */
  shortcut?: string;
  width?: "short" | "middle";
  autofocus?: boolean;
  maxLength?: number;
  list?: string;
  accept?: string;
}

export function TextField(props: TextFieldProps): VNode {
  const { name, value, type = "text", shortcut, width } = props;
  const wrong = props.error === undefined ? "" : " govuk-input--error";
  const given = {
    inputMode: props.inputMode,
    maxLength: props.maxLength,
    list: props.list,
    accept: props.accept,
    "data-key": shortcut,
    "aria-keyshortcuts": shortcut,
    value: type === "password" || type === "file" ? undefined : value,
    autofocus: props.autofocus === true ? true : undefined,
  };
  const attributes = {
    class: `govuk-input${wrong}${width === undefined ? "" : ` ${width}`}`,
    id: name,
    name,
    type,
    autocomplete: props.autocomplete ?? "off",
    spellcheck: false,
    ...Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined)),
    ...described(props),
  };
  return (
    <Around field={props}>
      <input {...(attributes as JSX.IntrinsicElements["input"])} />
    </Around>
  );
}

export function TextArea(props: Named & { rows?: number; autofocus?: boolean }): VNode {
  const { name, value = "", rows = 3 } = props;
  return (
    <Around field={props}>
      <textarea
        class={`govuk-textarea${props.error === undefined ? "" : " govuk-textarea--error"}`}
        id={name}
        name={name}
        rows={rows}
        {...(props.autofocus === true ? { autofocus: true } : {})}
        {...described(props)}
      >
        {value}
      </textarea>
    </Around>
  );
}

export interface Choice {
  value: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
}

export function Select(
  props: Named & { choices: readonly Choice[]; empty?: string; shortcut?: string },
): VNode {
  const { name, value = "", choices, empty, shortcut } = props;
  return (
    <Around field={props}>
      <select
        class={`govuk-select${props.error === undefined ? "" : " govuk-select--error"}`}
        id={name}
        name={name}
        {...(shortcut === undefined ? {} : { "data-key": shortcut, "aria-keyshortcuts": shortcut })}
        {...described(props)}
      >
        {empty !== undefined && <option value="">{empty}</option>}
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Around>
  );
}

interface Grouped extends Omit<Named, "value"> {
  choices: readonly Choice[];
  inline?: boolean;
}

function Group({ field, children }: { field: Omit<Named, "value">; children: ComponentChildren }): VNode {
  const { name, label, hint, error } = field;
  return (
    <div class={`govuk-form-group${error === undefined ? "" : " govuk-form-group--error"}`}>
      <fieldset class="govuk-fieldset" id={name} {...described(field)}>
        <legend class="govuk-fieldset__legend">{label}</legend>
        {hint !== undefined && (
          <div id={`${name}-hint`} class="govuk-hint">
            {hint}
          </div>
        )}
        {error !== undefined && <ErrorText name={name} text={error} />}
        {children}
      </fieldset>
    </div>
  );
}

export function Radios(props: Grouped & { value?: string | undefined }): VNode {
  const { name, choices, value, inline } = props;
  return (
    <Group field={props}>
      <div class={`govuk-radios govuk-radios--small${inline === true ? " govuk-radios--inline" : ""}`}>
        {choices.map((choice, at) => (
          <div class="govuk-radios__item">
            <input
              class="govuk-radios__input"
              id={`${name}-${at}`}
              name={name}
              type="radio"
              value={choice.value}
              checked={choice.value === value}
            />
            <label class="govuk-label govuk-radios__label" for={`${name}-${at}`}>
              {choice.label}
            </label>
            {choice.hint !== undefined && <div class="govuk-hint govuk-radios__hint">{choice.hint}</div>}
          </div>
        ))}
      </div>
    </Group>
  );
}

export function Checkboxes(props: Grouped & { values?: readonly string[] }): VNode {
  const { name, choices, values = [] } = props;
  return (
    <Group field={props}>
      <div class="govuk-checkboxes govuk-checkboxes--small">
        {choices.map((choice, at) => (
          <div class="govuk-checkboxes__item">
            <input
              class="govuk-checkboxes__input"
              id={`${name}-${at}`}
              name={name}
              type="checkbox"
              value={choice.value}
              checked={values.includes(choice.value)}
            />
            <label class="govuk-label govuk-checkboxes__label" for={`${name}-${at}`}>
              {choice.label}
            </label>
            {choice.hint !== undefined && <div class="govuk-hint govuk-checkboxes__hint">{choice.hint}</div>}
          </div>
        ))}
      </div>
    </Group>
  );
}

/** All that is wrong, on top, each leading to its field. Nothing when nothing is. */
export function ErrorSummary({
  errors,
  title = "Chưa gửi được, hãy xem lại",
}: {
  errors: FieldErrors;
  title?: string;
}) {
  const wrong = Object.entries(errors).filter(([, text]) => text !== undefined);
  if (wrong.length === 0) return null;
  return (
    <div class="govuk-error-summary" tabIndex={-1} data-focus="">
      <div role="alert">
        <h2 class="govuk-error-summary__title">{title}</h2>
        <ul class="govuk-list govuk-error-summary__list">
          {wrong.map(([name, text]) => (
            <li>{name === "" ? text : <a href={`#${name}`}>{text}</a>}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

export interface ButtonProps {
  children: ComponentChildren;
  kind?: "main" | "second" | "warning";
  shortcut?: string;
  name?: string;
  value?: string;
  /** Sends the form elsewhere. */
  formaction?: string;
}

/** A button with its key on it. */
export function Button({ children, kind = "main", shortcut, ...rest }: ButtonProps): VNode {
  const look = kind === "main" ? "" : ` govuk-button--${kind === "second" ? "secondary" : "warning"}`;
  return (
    <button
      type="submit"
      class={`govuk-button${look}`}
      {...(shortcut === undefined ? {} : { "data-key": shortcut, "aria-keyshortcuts": ariaKeys(shortcut) })}
      {...rest}
    >
      {children}
      {shortcut !== undefined && <Key name={shortcut} />}
    </button>
  );
}

/** A link that looks and works like a button. */
export function ButtonLink(props: {
  href: string;
  children: ComponentChildren;
  kind?: "main" | "second";
  shortcut?: string;
}): VNode {
  const { href, children, kind = "second", shortcut } = props;
  return (
    <a
      href={href}
      class={`govuk-button${kind === "main" ? "" : " govuk-button--secondary"}`}
      {...(shortcut === undefined ? {} : { "data-key": shortcut, "aria-keyshortcuts": ariaKeys(shortcut) })}
    >
      {children}
      {shortcut !== undefined && <Key name={shortcut} />}
    </a>
  );
}

/** A key as it stands on the keyboard. */
export function Key({ name }: { name: string }): VNode {
  return <kbd aria-hidden="true">{name.replace("Ctrl+Enter", "Ctrl+↵").replace(/^Enter$/, "↵")}</kbd>;
}

const ariaKeys = (shortcut: string) => shortcut.replace("Ctrl", "Control");
