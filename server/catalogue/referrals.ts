import { readFileSync } from "node:fs";

import { hasPhrase, searchWords } from "./search-words.ts";

/** Where to go for a well-known procedure that the province's one-stop shop does not handle. */
export interface Referral {
  title: string;
  where: string;
  text: string;
}

interface ReferralRow extends Referral {
  /** What people call it. */
  words: string[];
}

const FILE = new URL("./referrals.json", import.meta.url);

/**
 * Finds the referral for a query, with slips and without diacritics; undefined where there is none. The
 * rows are data: after a change of competence only referrals.json changes.
 */
export function readReferrals(): (query: string) => Referral | undefined {
  const rows = (JSON.parse(readFileSync(FILE, "utf8")) as ReferralRow[]).map(({ words, ...referral }) => ({
    referral,
    phrases: words.map(searchWords).sort((a, b) => b.length - a.length),
  }));
  return (query) => {
    const words = searchWords(query);
    return rows.find(({ phrases }) => phrases.some((phrase) => hasPhrase(words, phrase)))?.referral;
  };
}
