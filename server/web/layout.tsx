import { gzipSync } from "node:zlib";
import type { Response } from "express";
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { staticAddress } from "./static-files.ts";

export interface PageProps {
  /** What stands in the browser's tab and, by itself, says which page this is. */
  title: string;
  /** Who offers the service: the line above everything. */
  owner?: string | undefined;
  /** Where the head line leads. */
  home?: { href: string; name: string };
  wide?: boolean;
  /** A page about one dossier is for nobody's index. */
  unlisted?: boolean;
  /** Sheets before the common one; with them the desks' own comes after it. */
  styles?: readonly string[];
  foot?: ComponentChildren;
  children: ComponentChildren;
}

/** The sheet every page is written on: head line, one column, foot. No script, no outside address. */
export function Page(props: PageProps): VNode {
  const { title, owner, home = { href: "/tra-cuu", name: "Một cửa điện tử" }, foot, children } = props;
  const wide = props.wide === true ? " wide" : "";
  return (
    <html lang="vi">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        {props.unlisted === true && <meta name="robots" content="noindex" />}
        <meta name="theme-color" content="#0B4F8A" />
        <link rel="icon" type="image/svg+xml" href={staticAddress("icon.svg")} />
        {(props.styles ?? []).map((name) => (
          <link rel="stylesheet" href={staticAddress(name)} />
        ))}
        <link rel="stylesheet" href={staticAddress("site.css")} />
        {props.styles !== undefined && <link rel="stylesheet" href={staticAddress("desk.css")} />}
      </head>
      <body>
        <a class="skip" href="#noi-dung">
          Đến nội dung chính
        </a>
        <header class="head">
          <div class={`head-line${wide}`}>
            <img src={staticAddress("icon.svg")} alt="" width={40} height={40} />
            <div>
              <a href={home.href}>{home.name}</a>
              {owner !== undefined && <p>{owner}</p>}
            </div>
          </div>
        </header>
        <main class={`sheet${wide}`} id="noi-dung" tabIndex={-1}>
          {children}
        </main>
        {foot !== undefined && (
          <footer>
            <div class={`foot-line${wide}`}>{foot}</div>
          </footer>
        )}
      </body>
    </html>
  );
}

/** A page as text. */
export function pageText(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}

/** Shorter than this nothing is won by packing it. */
const WORTH_PACKING = 2_048;

/**
 * Sends a page that is for this reader alone: nobody on the way keeps it. It is packed here at one go: as a stream over
 * another thread it costs several times the processor.
 */
export function sendPage(res: Response, status: number, page: VNode): void {
  const text = pageText(page);
  res.status(status).set("Cache-Control", "no-store").type("text/html").vary("Accept-Encoding");
  if (text.length < WORTH_PACKING || res.req.acceptsEncodings("gzip", "identity") !== "gzip") res.send(text);
  else res.set("Content-Encoding", "gzip").send(gzipSync(text, { level: 1 }));
}
