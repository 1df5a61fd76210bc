import assert from "node:assert/strict";
import { TEST_PASSWORD } from "./database.ts";

/** What a page answered: its status, its HTML, and where it leads when it redirects. */
export interface PageReply {
  status: number;
  text: string;
  location: string | null;
  headers: Headers;
}

/** Somebody at a browser without scripts: he has a cookie, opens pages and sends their forms. */
export interface PageClient {
  cookie: string;
  get(path: string): Promise<PageReply>;
  /** Opens a page where a link leads to, through a redirect. */
  open(path: string): Promise<PageReply>;
  /** Sends a form as it stands in the page: hidden fields of the form with this action, and what was entered. */
  send(page: PageReply, action: string, entered: Record<string, string | string[]>): Promise<PageReply>;
  /** Sends fields as they are. */
  post(path: string, fields: Record<string, string | string[]>): Promise<PageReply>;
}

/** Logs in at the login page. */
export async function atDesk(url: string, username: string, password = TEST_PASSWORD): Promise<PageClient> {
  const answer = await post(url, "/dang-nhap", { username, password, den: "/ban-lam-viec" }, "");
  assert.equal(answer.status, 303, answer.text.slice(0, 400));
  return pageClient(url, cookieOf(answer));
}

/** The same as nobody, or with a cookie. */
export function pageClient(url: string, cookie = ""): PageClient {
  const get = async (path: string, redirect: "manual" | "follow") =>
    reply(await fetch(url + path, { headers: { cookie }, redirect }));
  return {
    cookie,
    get: (path) => get(path, "manual"),
    open: (path) => get(path, "follow"),
    post: (path, fields) => post(url, path, fields, cookie),
    send: (page, action, entered) =>
      post(url, action, { ...hiddenFields(page.text, action), ...entered }, cookie),
  };
}

/** The session's cookie that a login gave. */
export function cookieOf(answer: PageReply): string {
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0] ?? "")
    .join("; ");
}

/** The hidden fields of the form of a page that goes to `action`. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html
    .split("<form")
    .slice(1)
    .map((part) => part.split("</form>")[0] ?? "")
    .find((part) => unescaped(/action="([^"]*)"/.exec(part)?.[1] ?? "") === action);
  assert.ok(form !== undefined, `the page has no form that goes to ${action}`);
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input(?:[^>"]|"[^"]*")*>/g)) {
    const name = / name="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined && input.includes('type="hidden"'))
      fields[name] = unescaped(/ value="([^"]*)"/.exec(input)?.[1] ?? "");
  }
  return fields;
}

function unescaped(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

async function post(
  url: string,
  path: string,
  fields: Record<string, string | string[]>,
  cookie: string,
): Promise<PageReply> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) body.append(name, one);
  return reply(await fetch(url + path, { method: "POST", body, headers: { cookie }, redirect: "manual" }));
}

async function reply(answer: Response): Promise<PageReply> {
  const { status, headers } = answer;
  return { status, headers, text: await answer.text(), location: headers.get("location") };
}
