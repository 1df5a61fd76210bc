import type { ComponentChildren, VNode } from "preact";
import { pathOf, placesFor } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { staticAddress } from "./static-files.ts";

export interface DeskPageProps {
  desk: Desk;
  /** What stands in the browser's tab and, unless `heading` says otherwise, above the page. */
  title: string;
  heading?: ComponentChildren;
  /** The page's one main button or link, top right. */
  action?: ComponentChildren;
  /** Told once on top: what was just done, or what went wrong. */
  notice?: Notice | undefined;
  /** Further scripts of `server/web/static`, each small; the page must work without them. */
  scripts?: readonly string[];
  children: ComponentChildren;
}

export interface Notice {
  tone: "done" | "late" | "soon";
  text: ComponentChildren;
}

/** The sheet of the officers' pages: where one is, the scan field, the way to the other desks. */
export function DeskPage(props: DeskPageProps): VNode {
  const { desk, title, heading = title, action, notice, scripts = [], children } = props;
  return (
    <html lang="vi">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – Một cửa điện tử`}</title>
        <meta name="robots" content="noindex" />
        <meta name="theme-color" content="#0B4F8A" />
        <link rel="icon" type="image/svg+xml" href={staticAddress("icon.svg")} />
        <link rel="stylesheet" href={staticAddress("base.css")} />
        <link rel="stylesheet" href={staticAddress("site.css")} />
        <link rel="stylesheet" href={staticAddress("desk.css")} />
        <script src={staticAddress("desk.js")} defer />
        {scripts.map((name) => (
          <script src={staticAddress(name)} defer />
        ))}
      </head>
      <body class="desk">
        <a class="skip" href="#noi-dung">
          Đến nội dung chính
        </a>
        <DeskHead desk={desk} />
        <main class="desk-sheet" id="noi-dung" tabIndex={-1}>
          <div class="desk-title">
            <h1>{heading}</h1>
            {action !== undefined && <div class="desk-action">{action}</div>}
          </div>
          {notice !== undefined && (
            <div class={`notice ${notice.tone}`} role={notice.tone === "late" ? "alert" : "status"}>
              {notice.text}
            </div>
          )}
          {children}
        </main>
      </body>
    </html>
  );
}

function DeskHead({ desk }: { desk: Desk }): VNode {
  const here = pathOf(desk);
  return (
    <header class="desk-head">
      <div class="desk-head-line">
        <a class="desk-home" href="/ban-lam-viec">
          <img src={staticAddress("icon.svg")} alt="" width={28} height={28} />
          Một cửa
        </a>
        <nav aria-label="Các bàn làm việc">
          <ul>
            {placesFor(desk.roles).map(({ href, name, key }) => (
              <li>
                <a
                  href={href}
                  data-key={`Alt+${key}`}
                  aria-keyshortcuts={`Alt+${key}`}
                  {...(here === href || here.startsWith(`${href}/`)
                    ? { "aria-current": "page" as const }
                    : {})}
                >
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <form class="scan" method="get" action="/ho-so/mo" role="search">
          <label class="hidden-label" for="quet-ma">
            Quét hoặc gõ mã hồ sơ
          </label>
          <input
            id="quet-ma"
            data-scan
            name="ma"
            type="text"
            autocomplete="off"
            spellcheck={false}
            placeholder="Quét hoặc gõ mã hồ sơ"
            data-key="F9"
            aria-keyshortcuts="F9"
          />
          <kbd aria-hidden="true">F9</kbd>
        </form>
        <form class="who" method="post" action="/dang-xuat">
          <input type="hidden" name="_csrf" value={desk.csrf} />
          <p>
            <a class="who-name" href="/tai-khoan">
              {desk.name}
            </a>
            <span class="who-unit">{desk.unitName}</span>
          </p>
          <button class="plain" type="submit">
            Đăng xuất
          </button>
        </form>
      </div>
    </header>
  );
}
