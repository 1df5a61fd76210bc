import type { ComponentChildren, VNode } from "preact";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { Page } from "../web/layout.tsx";

export interface FrameProps {
  /** Whom the page is drawn for: an officer keeps his head line. */
  desk: Desk | undefined;
  owner: string;
  title: string;
  heading: ComponentChildren;
  children: ComponentChildren;
}

/** The sheet of the public pages about procedures. */
export function ProcedureFrame({ desk, owner, title, heading, children }: FrameProps): VNode {
  if (desk !== undefined)
    return (
      <DeskPage desk={desk} title={title} heading={heading}>
        <div class="procedures">{children}</div>
      </DeskPage>
    );
  return (
    <Page title={`${title} – Một cửa điện tử`} owner={owner} wide>
      <h1>{heading}</h1>
      <div class="procedures">{children}</div>
    </Page>
  );
}
