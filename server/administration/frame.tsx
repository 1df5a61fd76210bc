import type { ComponentChildren, VNode } from "preact";
import type { Desk } from "../web/desk.ts";
import { pathOf } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import type { Notice } from "../web/desk-page.tsx";

const PAGES = [
  { href: "/quan-tri/cong-dvc", name: "Cổng Dịch vụ công" },
  { href: "/quan-tri/so-hoa", name: "Số hóa" },
  { href: "/quan-tri/kho-giay-to", name: "Kho giấy tờ" },
  { href: "/quan-tri/tai-khoan", name: "Tài khoản" },
  { href: "/quan-tri/lich", name: "Lịch nghỉ" },
];

/** The administrator's sheet: which of his pages this is, and the way to the others. */
export function AdminPage(props: {
  desk: Desk;
  title: string;
  action?: ComponentChildren;
  notice?: Notice | undefined;
  children: ComponentChildren;
}): VNode {
  const { desk, title, action, notice, children } = props;
  const here = pathOf(desk);
  return (
    <DeskPage desk={desk} title={title} action={action} notice={notice}>
      <nav class="tabs" aria-label="Quản trị">
        <ul>
          {PAGES.map(({ href, name }) => (
            <li>
              <a
                href={href}
                {...(here === href || here.startsWith(`${href}/`) ? { "aria-current": "page" as const } : {})}
              >
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </DeskPage>
  );
}

/** Said of a page that has just changed something; the words stand in the code, never in the address. */
export function doneNotice(said: string | undefined, words: Record<string, string>): Notice | undefined {
  const text = said === undefined ? undefined : words[said];
  return text === undefined ? undefined : { tone: "done", text };
}
