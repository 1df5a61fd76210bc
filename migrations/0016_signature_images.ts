import type { Knex } from "knex";

/** How a person's hand and an agency's seal look on paper (Decree 30/2020); the running program may only read it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table signature_images (
      id bigint generated always as identity primary key,
      owner_kind text not null check (owner_kind in ('officer', 'agency')),
      owner text not null,
      -- Cut to its ink, as PNG.
      png bytea not null,
      width_mm numeric(5, 2) not null check (width_mm > 0),
      height_mm numeric(5, 2) not null check (height_mm > 0),
      active boolean not null default true,
      entered_at timestamptz not null,
      removed_at timestamptz,
      check (active = (removed_at is null))
    );
    create unique index signature_images_in_use on signature_images (owner_kind, owner) where active;
    grant select on signature_images to app, worker;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
