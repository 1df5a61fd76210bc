import { readFileSync } from "node:fs";

import MiniSearch from "minisearch";

import type { Declaration, Tier } from "../../workflows/declaration.ts";
import { chartTierOf } from "./agencies.ts";
import type { DecidingUnit } from "./agencies.ts";
import { readReferrals } from "./referrals.ts";
import type { Referral } from "./referrals.ts";
import { hasPhrase, isSlipOf, nameWords, searchWords } from "./search-words.ts";

export interface SearchFilter {
  field?: string | undefined;
  level?: Tier | undefined;
  onlineLevel?: number | undefined;
  /** Code of an agency that decides the procedure. */
  agency?: string | undefined;
}

export interface SearchResult {
  items: Declaration[];
  total: number;
  /** Where to go for what the province does not handle; also where there are hits. */
  referral?: Referral;
}

/** The units that a filter may name: the list of units, or a map by code. */
export interface KnownUnits {
  get: (code: string) => DecidingUnit | undefined;
}

export interface ProcedureSearch {
  /** Without a query: all that the filter lets through, by name without the prefix "Thủ tục". */
  search: (query: string | undefined, filter: SearchFilter, limit: number, offset: number) => SearchResult;
}

/** What is kept of a procedure to rank it. */
interface Entry {
  declaration: Declaration;
  words: string[];
  /** The name's words without spaces: "khaisinh" is found, too. */
  squeezed: string;
}

const EVERYDAY = new URL("./everyday-words.json", import.meta.url);
const CODE = /^\s*(\d\.\d{1,6})(\.000\.00\.00\.H30)?\s*$/iu;

/**
 * Builds the search over the procedures once, in some 100 ms; a search takes a few ms. It finds without
 * diacritics, in any case, with a slip a word, with i for y, without spaces, and by short or full code.
 */
export function buildSearch(procedures: readonly Declaration[], agencies: KnownUnits): ProcedureSearch {
  const entries = new Map(procedures.map((declaration) => [declaration.code, entryOf(declaration)]));
  const sorted = sortedByName(procedures);
  const index = indexOf(procedures, entries);
  const everyday = readEverydayWords();
  const findReferral = readReferrals();

  const search: ProcedureSearch["search"] = (query, filter, limit, offset) => {
    const passes = filterOf(filter, agencies);
    const asked = query?.trim() ?? "";
    const found = (asked === "" ? sorted : rank(asked, entries, index, everyday)).filter(passes);
    const result: SearchResult = { items: found.slice(offset, offset + limit), total: found.length };
    const referral = findReferral(asked);
    if (referral) result.referral = referral;
    return result;
  };
  return { search };
}

function entryOf(declaration: Declaration): Entry {
  const words = nameWords(declaration.displayName ?? declaration.name);
  return { declaration, words, squeezed: words.join("") };
}

function sortedByName(procedures: readonly Declaration[]): Declaration[] {
  const { compare } = new Intl.Collator("vi");
  return procedures
    .map((declaration) => ({
      declaration,
      key: (declaration.displayName ?? declaration.name).replace(/^thủ tục (hành chính )?/iu, ""),
    }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ declaration }) => declaration);
}

type Index = MiniSearch<{ id: string; name: string; field: string; result: string }>;

function indexOf(procedures: readonly Declaration[], entries: ReadonlyMap<string, Entry>): Index {
  const index: Index = new MiniSearch({
    fields: ["name", "field", "result"],
    tokenize: (text) => text.split(" "),
    processTerm: (term) => term,
  });
  index.addAll(
    procedures.map(({ code, field, result }) => ({
      id: code,
      name: entries.get(code)?.words.join(" ") ?? "",
      field: searchWords(field).join(" "),
      result: searchWords(result.title).join(" "),
    })),
  );
  return index;
}

function readEverydayWords(): { phrases: string[][]; codes: string[] }[] {
  const rows = JSON.parse(readFileSync(EVERYDAY, "utf8")) as { words: string[]; codes: string[] }[];
  return rows.map(({ words, codes }) => ({ phrases: words.map(searchWords), codes }));
}

/** The procedures that people mean by an everyday word; the longest word that stands in the query counts. */
function usualCodes(words: string[], everyday: ReturnType<typeof readEverydayWords>): Set<string> {
  const found = everyday.map(({ phrases, codes }) => ({
    codes,
    length: Math.max(
      0,
      ...phrases.filter((phrase) => hasPhrase(words, phrase)).map((phrase) => phrase.length),
    ),
  }));
  const longest = Math.max(1, ...found.map(({ length }) => length));
  return new Set(found.flatMap(({ codes, length }) => (length === longest ? codes : [])));
}

function filterOf(filter: SearchFilter, agencies: KnownUnits): (one: Declaration) => boolean {
  const field = filter.field === undefined ? undefined : searchWords(filter.field).join(" ");
  const agency = filter.agency === undefined ? undefined : agencies.get(filter.agency);
  return (declaration) =>
    (field === undefined || searchWords(declaration.field).join(" ") === field) &&
    (filter.level === undefined || declaration.levels.includes(filter.level)) &&
    (filter.onlineLevel === undefined || declaration.onlineLevel === filter.onlineLevel) &&
    (filter.agency === undefined || (agency !== undefined && chartTierOf(declaration, agency) !== undefined));
}

function rank(
  query: string,
  entries: ReadonlyMap<string, Entry>,
  index: Index,
  everyday: ReturnType<typeof readEverydayWords>,
): Declaration[] {
  const code = CODE.exec(query)?.[1];
  if (code !== undefined)
    return [...entries.values()].flatMap(({ declaration: one }) => (one.code.startsWith(code) ? [one] : []));

  const words = nameWords(query);
  if (words.length === 0) return [];
  const usual = usualCodes(words, everyday);
  const squeezed = words.join("");
  const scores = new Map(matches(words, entries, index));
  for (const [one, entry] of entries) {
    if (usual.has(one) || entry.squeezed.includes(squeezed)) scores.set(one, scores.get(one) ?? 0);
  }
  const best = Math.max(1, ...scores.values());
  return [...scores]
    .flatMap(([one, score]) => {
      const entry = entries.get(one);
      return entry ? [{ entry, score: score / best + bonus(entry, words, squeezed, usual) }] : [];
    })
    .sort((a, b) => b.score - a.score || a.entry.words.length - b.entry.words.length)
    .map(({ entry }) => entry.declaration);
}

/** A query of so many words is taken as a phrase when no procedure has its words as they are. */
const PHRASE_WORDS = 3;
/** Of a longer query, most words must be found. */
const MOST = 0.7;

/**
 * Codes with how well single words fit: all words as they are; else, of a short query, the phrase with a slip
 * a word; else most words with slips. Syllables are short, so that looser matching finds everything.
 */
function matches(words: string[], entries: ReadonlyMap<string, Entry>, index: Index): [string, number][] {
  const query = words.join(" ");
  const options = {
    boost: { name: 4 },
    prefix: (term: string, at: number, terms: string[]) => at === terms.length - 1 && term.length >= 3,
  };
  const exact = index.search(query, { ...options, combineWith: "AND" });
  if (exact.length > 0) return exact.map(({ id, score }) => [String(id), score]);

  const slips = [...entries].flatMap(([code, { words: name }]): [string, number][] =>
    hasPhrase(name, words) ? [[code, 1]] : [],
  );
  if (slips.length > 0 || words.length <= PHRASE_WORDS) return slips;

  const fuzzy = (term: string) => (term.length >= 4 ? 1 : false);
  return index
    .search(query, { ...options, fuzzy, combineWith: "OR" })
    .filter(({ queryTerms }) => queryTerms.length >= Math.ceil(words.length * MOST))
    .map(({ id, score }) => [String(id), score]);
}

/**
 * What people mean stands first: the plain procedure whose short name holds the query, before the rare
 * variant that has it among forty words; what the province never sees, last.
 */
function bonus(
  { declaration, words: name, squeezed }: Entry,
  words: string[],
  query: string,
  usual: Set<string>,
): number {
  const at = squeezed.indexOf(query);
  const near = at < 0 && hasPhrase(name, words);
  const whole = squeezed === query || (name.length === words.length && near);
  const starts = at === 0 || (near && isSlipOf(name[0] ?? "", words[0] ?? ""));
  let sum = usual.has(declaration.code) ? 6 : 0;
  if (whole) sum += 8;
  else if (starts) sum += 2;
  if (at >= 0 || near) sum += 2 + (4 * words.length) / Math.max(words.length, name.length);
  if (declaration.applicability === "no-local-case") sum -= 4;
  return sum;
}
