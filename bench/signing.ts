import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { silentLog } from "../server/platform/log.ts";
import { systemClock } from "../server/platform/clock.ts";
import { openDemonstrationAuthority } from "../server/signing/demonstration-authority.ts";
import { demonstrationTimestamps, withDemonstration } from "../server/signing/demonstration-routes.ts";
import { withEvidence } from "../server/signing/evidence.ts";
import { signPdf, type Signing } from "../server/signing/pades.ts";
import { renderResult, type Result } from "../server/signing/render-result.ts";
import { RESULT_FIELDS } from "../server/signing/signature-fields.ts";
import { validationSource } from "../server/signing/validation-data.ts";

/** What signing costs: figures of one run, each a number a second. */
export interface SigningFigures {
  /** `openssl speed rsa2048`, one core, the machine's own limit; undefined where openssl is not installed. */
  opensslSigns: number | undefined;
  /** The same key through node's cryptography, several under way: what the program's signatures rest on. */
  nodeSigns: number;
  /** A result signed by the leader, with a timestamp (B-T). */
  signed: number;
  /** The same sealed by the agency with its timestamp, and the proofs put into the file (B-LT). */
  sealed: number;
  /** Both after another with the setting of the paper: whole results, as the program makes them. */
  results: number;
}

/**
 * Measures signing without database and network: keys, timestamps and revocation lists are those of a demonstration
 * authority made for it. Each part runs for about so many seconds.
 */
export async function measureSigning(seconds = 3): Promise<SigningFigures> {
  const dir = await mkdtemp(join(tmpdir(), "bench-signing-"));
  try {
    const authority = await openDemonstrationAuthority({ dir, production: false });
    const agency = { code: "000.00.13.H30", name: "Sở Tư pháp" };
    const leaderKey = await authority.officerKey({
      ...{ id: "stp.leader", name: "Trần Văn Mẫu", title: "Giám đốc" },
      ...{ agencyCode: agency.code, agencyName: agency.name },
    });
    const agencyKey = await authority.agencyKey(agency);
    const timestamp = demonstrationTimestamps(authority, systemClock);
    const nowhere = () => Promise.reject(new Error("nothing is fetched"));
    const validation = validationSource(withDemonstration(authority, systemClock, nowhere));
    const common = (): Omit<Signing, "key" | "appearance" | "name" | "fieldName"> => ({
      timestamp,
      reason: "Ký kết quả",
      location: "Hậu Giang",
      signedAt: systemClock.now(),
    });
    const sign = (draft: Buffer) =>
      signPdf(draft, {
        ...common(),
        key: leaderKey,
        appearance: { kind: "handwriting", name: "Trần Văn Mẫu" },
        name: "Trần Văn Mẫu",
        fieldName: RESULT_FIELDS.leader,
      });
    const seal = async (signed: Buffer) => {
      const sealed = await signPdf(signed, {
        ...common(),
        key: agencyKey,
        appearance: { kind: "seal", agencyName: agency.name },
        name: agency.name,
        fieldName: RESULT_FIELDS.agency,
      });
      const own = { level: "B-T", reason: null } as const;
      const { pdf, evidence } = await withEvidence(sealed, { validation }, own, systemClock.now(), silentLog);
      if (evidence.level !== "B-LT") throw new Error(`the result is ${evidence.level}`);
      return pdf;
    };
    const draft = await renderResult(aResult());
    const signed = await sign(draft);
    await seal(signed); // fonts, lists and code are warm after it
    const bytes = Buffer.alloc(256, 7);
    return {
      opensslSigns: opensslSpeed(seconds),
      nodeSigns: await rate(seconds, 8, () => leaderKey.sign(bytes)),
      signed: await rate(seconds, 2, () => sign(draft)),
      sealed: await rate(seconds, 2, () => seal(signed)),
      results: await rate(seconds, 2, async () => seal(await sign(await renderResult(aResult())))),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** How often a second `work` is done, so many under way at a time. */
async function rate(seconds: number, together: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  const until = begun + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: together }, async () => {
      while (performance.now() < until) {
        await work();
        done++;
      }
    }),
  );
  return Number(((done * 1000) / (performance.now() - begun)).toFixed(1));
}

function opensslSpeed(seconds: number): number | undefined {
  const done = spawnSync("openssl", ["speed", "-seconds", String(seconds), "rsa2048"], { encoding: "utf8" });
  // rsa 2048 bits 0.000834s 0.000025s   1199.1  40389.7: signs a second are the third number.
  const found = /rsa 2048 bits\s+\S+\s+\S+\s+([\d.]+)/.exec(done.stdout);
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

function aResult(): Result {
  return {
    agencyName: "Sở Tư pháp",
    parentAgencyName: "Ủy ban nhân dân tỉnh Hậu Giang",
    number: "125/QĐ-STP",
    place: "Hậu Giang",
    date: systemClock.now(),
    procedureName: "Công nhận báo cáo viên pháp luật cấp tỉnh",
    procedureCode: "1.000664.000.00.00.H30",
    dossierCode: "000.00.13.H30-220916-0007",
    applicantName: "Nguyễn Thị Thử",
    outcome: "grant",
    resultTitle: "Quyết định công nhận báo cáo viên pháp luật",
    fields: [
      { label: "Lĩnh vực", value: "Tư pháp, hộ tịch" },
      { label: "Thời hạn", value: "05 năm kể từ ngày ký" },
    ],
    signerTitle: "Giám đốc",
    signerName: "Trần Văn Mẫu",
    trackingUrl: "http://localhost:3000/tra-cuu/000.00.13.H30-220916-0007",
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify(await measureSigning(), undefined, 2));
