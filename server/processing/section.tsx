import type { ComponentChildren, VNode } from "preact";

/** A titled part of a page. */
export function Section(props: { id: string; title: string; children: ComponentChildren }): VNode {
  return (
    <section class="card" aria-labelledby={props.id}>
      <h2 id={props.id}>{props.title}</h2>
      {props.children}
    </section>
  );
}
