import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { FindingCode, Verdict } from "../../../server/signature-check/findings.ts";
import { readHistory } from "../../../server/signature-check/revisions.ts";
import { openFile } from "../../../server/signature-check/pdf-state.ts";
import { PdfRef } from "../../../server/signature-check/pdf-object.ts";
import { handCms } from "./hand-cms.ts";
import { stream, update, wholePdf } from "./pdf-writer.ts";
import { handPaper, signatureParts, signedByHand, signedUpdate, withCms } from "./signed-by-hand.ts";
import {
  TSA,
  HIDDEN_FIELD,
  LITTER,
  FORGED,
  FORM,
  contentOf,
  fieldOf,
  newField,
  written,
  rewritten,
  covered,
  twofold,
  hiding,
  textField,
  withTextField,
  selfMade,
  issuedBy,
  twinOf,
  withCertificate,
  stamped,
  withDocumentTimestamp,
  bombed,
} from "./forging.ts";
import type { Grounds } from "./grounds.ts";

export interface Attack {
  name: string;
  /** What our check has to say of it. */
  code: FindingCode;
  verdict?: Verdict;
  make: (grounds: Grounds) => Promise<Buffer> | Buffer;
}

export const ATTACKS: Attack[] = [
  // What the issue names, on a result of our own.
  {
    name: "a byte flipped in the signed text",
    code: "content-changed",
    make: ({ sealed }) => {
      const file = Buffer.from(sealed);
      const at = file.indexOf("/Title");
      file[at + 20] = (file[at + 20] ?? 0) ^ 1;
      return file;
    },
  },
  {
    name: "garbage appended",
    code: "garbage-appended",
    make: ({ sealed }) => Buffer.concat([sealed, Buffer.from("rac ruoi o cuoi tep\n")]),
  },
  {
    name: "an object appended without a cross-reference",
    code: "object-appended",
    make: ({ sealed }) =>
      Buffer.concat([sealed, Buffer.from("9000 0 obj\n<< /Loi (khac) >>\nendobj\n%%EOF\n")]),
  },
  {
    name: "an object appended by an update",
    code: "object-appended",
    make: ({ sealed }) => update(sealed, [{ number: 9000, body: "<< /Loi (khac) >>" }]),
  },
  {
    name: "an object hidden in an update, beside one that is named",
    code: "object-appended",
    make: ({ sealed }) => {
      const info = "<< /Producer (x) >>";
      const file = update(sealed, [{ number: 9000, body: info }]);
      const mark = file.indexOf("9000 0 obj", sealed.length);
      // In front of the named object; the cross-reference is moved on by as much.
      const hidden = Buffer.from("4 0 obj\n<< /X 1 >>\nendobj\n");
      const moved = Buffer.concat([file.subarray(0, mark), hidden, file.subarray(mark)]).toString("latin1");
      const shift = (offset: number, width: number) => String(offset + hidden.length).padStart(width, "0");
      return Buffer.from(
        moved
          .replace(new RegExp(`${String(mark).padStart(10, "0")} 00000 n`), `${shift(mark, 10)} 00000 n`)
          .replace(
            /startxref\n(\d+)\n%%EOF\n$/,
            (_, start: string) => `startxref\n${shift(Number(start), 1)}\n%%EOF\n`,
          ),
        "latin1",
      );
    },
  },
  {
    name: "an object left in an update that an impostor signed",
    code: "object-appended",
    make: ({ sealed, impostor }) =>
      signedUpdate(sealed, 9002, [...newField(sealed, HIDDEN_FIELD), LITTER], {
        key: impostor.signer("stranger"),
      }),
  },
  {
    name: "a page hidden in an update that a known signer signed",
    code: "page-changed",
    make: ({ sealed, agency }) => {
      const body = "<< /Type /Page /MediaBox [0 0 595 842] >>";
      return signedUpdate(sealed, 9002, [...newField(sealed, HIDDEN_FIELD), { number: 9010, body }], {
        key: agency,
      });
    },
  },
  {
    name: "a signed update with an object for a reference that led nowhere",
    code: "object-appended",
    make: async ({ leader, agency }) => {
      const paper = handPaper("Tien phat 12").map((one) =>
        one.number === 3 ? { ...one, body: String(one.body).replace("4 0 R", "[4 0 R 9010 0 R]") } : one,
      );
      const signed = await signedByHand({ key: leader, paper });
      const objects = [...newField(signed, HIDDEN_FIELD), { number: 9010, body: stream(FORGED) }];
      return signedUpdate(signed, 9002, objects, { key: agency });
    },
  },
  {
    name: "the text of a page changed by an update",
    code: "page-changed",
    make: ({ sealed }) => {
      const { number } = contentOf(sealed);
      return update(sealed, [{ number, body: stream(FORGED) }]);
    },
  },
  {
    name: "a page given another content by an update",
    code: "page-changed",
    make: ({ sealed }) => {
      const { page, dict } = contentOf(sealed);
      return update(sealed, [
        { number: page, body: rewritten(dict, { Contents: "9000 0 R" }) },
        { number: 9000, body: stream(FORGED) },
      ]);
    },
  },
  {
    name: "a page appended by an update",
    code: "page-changed",
    make: ({ sealed }) => {
      const { page, dict, state } = contentOf(sealed);
      const tree = dict.get("Parent") as PdfRef;
      const kids = `[${page} 0 R 9000 0 R]`;
      return update(sealed, [
        { number: tree.number, body: rewritten(state.dict(tree)!, { Kids: kids, Count: "2" }) },
        {
          number: 9000,
          body: `<< /Type /Page /Parent ${tree.number} 0 R /MediaBox [0 0 595 842] /Contents 9001 0 R >>`,
        },
        { number: 9001, body: stream(FORGED) },
      ]);
    },
  },
  {
    name: "a font of the page replaced by an update",
    code: "page-changed",
    make: ({ sealed }) => {
      const { dict, state } = contentOf(sealed);
      const fonts = state.dict(state.dict(dict.get("Resources"))?.get("Font"))!;
      const [font] = [...fonts.entries.values()].filter((one) => one instanceof PdfRef);
      return update(sealed, [
        { number: font!.number, body: "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>" },
      ]);
    },
  },
  {
    name: "the picture of a signed widget replaced",
    code: "widget-changed",
    make: ({ sealed }) => {
      const { state, field } = fieldOf(sealed, 0);
      const look = state.dict(field.dict.get("AP"))!.get("N") as PdfRef;
      return update(sealed, [
        {
          number: look.number,
          body: stream("1 0 0 rg 0 0 100 50 re f", "/Type /XObject /Subtype /Form /BBox [0 0 147 70]"),
        },
      ]);
    },
  },
  {
    name: "a signed widget moved on its page",
    code: "widget-changed",
    make: ({ sealed }) => {
      const { field } = fieldOf(sealed, 0);
      return update(sealed, [
        { number: field.number, body: rewritten(field.dict, { Rect: "[50 50 200 120]" }) },
      ]);
    },
  },
  {
    name: "a signed widget hidden",
    code: "widget-changed",
    make: ({ sealed }) => {
      const { field } = fieldOf(sealed, 0);
      return update(sealed, [{ number: field.number, body: rewritten(field.dict, { F: "2" }) }]);
    },
  },
  {
    name: "a signature taken away by an update",
    code: "signature-removed",
    make: ({ sealed }) => {
      const { field } = fieldOf(sealed, 1);
      return update(sealed, [{ number: field.number, body: rewritten(field.dict, { V: "null" }) }]);
    },
  },
  {
    name: "a signature moved from another file",
    code: "content-changed",
    make: ({ signed, other }) => withCms(signed, signatureParts(other).cms),
  },

  // The certificate
  {
    name: "an expired certificate",
    code: "certificate-expired",
    make: ({ authority }) =>
      signedByHand({ key: authority.signer("expired", { days: ["20210101", "20250101"] }) }),
  },
  {
    name: "a certificate that is not valid yet",
    code: "certificate-expired",
    make: ({ authority }) =>
      signedByHand({ key: authority.signer("early", { days: ["20440101", "20450101"] }) }),
  },
  {
    name: "a certificate that has expired since, and no timestamp",
    code: "certificate-expired-since",
    verdict: "unjudged",
    make: ({ authority }) =>
      signedByHand({
        key: authority.signer("expired", { days: ["20210101", "20250101"] }),
        time: "D:20240601080000+07'00'",
      }),
  },
  {
    name: "a revoked certificate",
    code: "certificate-revoked",
    make: ({ authority }) => signedByHand({ key: authority.signer("revoked") }),
  },
  {
    name: "a self-made certificate with the leader's name",
    code: "issuer-not-trusted",
    verdict: "untrusted",
    make: ({ leader }) => {
      const certificate = selfMade(leader);
      return signedByHand({ key: { ...leader, certificateChain: [certificate] } });
    },
  },
  {
    name: "a certificate of an authority that only has the trusted one's names",
    code: "issuer-not-trusted",
    verdict: "untrusted",
    make: ({ impostor }) => signedByHand({ key: impostor.signer("leader") }),
  },
  {
    name: "a certificate that the authority it names did not issue",
    code: "chain-broken",
    make: ({ impostor, authority }) => {
      const fake = impostor.signer("leader");
      return signedByHand({
        key: { ...fake, certificateChain: [fake.certificate, authority.issuing, authority.root] },
      });
    },
  },
  {
    name: "a certificate that a person, not an authority, issued",
    code: "chain-broken",
    make: ({ leader }) => {
      const child = issuedBy(leader);
      return signedByHand({ key: { ...leader, certificateChain: [child, ...leader.certificateChain] } });
    },
  },
  {
    name: "a certificate for a web server",
    code: "certificate-not-for-signing",
    make: ({ authority }) => signedByHand({ key: authority.signer("server", { kind: "server" }) }),
  },
  {
    name: "the certificate exchanged for another of the same key",
    code: "certificate-exchanged",
    make: async ({ leader, authority }) => {
      const twin = twinOf(leader, authority);
      const honest = await signedByHand({ key: leader });
      return withCms(honest, withCertificate(signatureParts(honest).cms, twin));
    },
  },
  {
    name: "no reference to the certificate, under the name of CAdES",
    code: "certificate-reference-missing",
    make: ({ leader }) =>
      signedByHand({
        key: leader,
        cms: (bytes) => handCms(createHash("sha256").update(bytes).digest(), leader, false),
      }),
  },

  // The timestamp
  {
    name: "a timestamp of something else",
    code: "timestamp-broken",
    make: (grounds) => stamped(grounds, (signature) => Buffer.concat([signature, Buffer.from("x")])),
  },
  {
    name: "a timestamp with a byte flipped",
    code: "timestamp-broken",
    make: (grounds) =>
      stamped(
        grounds,
        (signature) => signature,
        (token) => {
          const broken = Buffer.from(token);
          broken[broken.length - 20] = (broken[broken.length - 20] ?? 0) ^ 1;
          return broken;
        },
      ),
  },
  {
    name: "a timestamp of an authority that nobody trusts",
    code: "timestamp-not-trusted",
    verdict: "untrusted",
    make: (grounds) =>
      stamped({ ...grounds, authority: grounds.impostor, tsa: grounds.impostor.signer("tsa", TSA) }),
  },
  {
    name: "a document timestamp of another document",
    code: "timestamp-broken",
    make: ({ authority, tsa, signed }) =>
      withDocumentTimestamp(signed, () => authority.timestamp(Buffer.from("khac"), tsa)),
  },

  // The range
  {
    name: "a range that does not begin at 0",
    code: "byte-range-start",
    make: ({ leader }) =>
      signedByHand({ key: leader, range: (from, to, length) => [9, from - 9, to, length - to] }),
  },
  {
    name: "a gap wider than the signature",
    code: "byte-range-gap",
    make: ({ leader }) =>
      signedByHand({
        key: leader,
        after: "/Location (Hau Giang, noi khac)",
        range: (from, to, length) => [0, from, to + 32, length - to - 32],
      }),
  },
  {
    name: "a gap that begins before the signature",
    code: "byte-range-gap",
    make: ({ leader }) =>
      signedByHand({ key: leader, range: (from, to, length) => [0, from - 10, to, length - to] }),
  },
  {
    name: "ranges that overlap",
    code: "byte-range-overlap",
    make: ({ leader }) =>
      signedByHand({ key: leader, range: (from, _, length) => [0, from, from - 40, length - from + 40] }),
  },
  {
    name: "a range that ends within its revision",
    code: "byte-range-end",
    make: ({ leader }) =>
      signedByHand({ key: leader, range: (from, to, length) => [0, from, to, length - to - 60] }),
  },
  {
    name: "a range that ends behind the file",
    code: "byte-range-end",
    make: ({ leader }) =>
      signedByHand({ key: leader, range: (from, to, length) => [0, from, to, length - to + 50] }),
  },
  {
    name: "a range of two numbers",
    code: "byte-range-malformed",
    make: ({ leader }) => signedByHand({ key: leader, range: (from) => [0, from] }),
  },
  {
    name: "a signature with two /Contents",
    code: "several-contents",
    make: ({ leader }) => signedByHand({ key: leader, after: "/Contents <00>" }),
  },
  {
    name: "bytes hidden behind the signature's own end",
    code: "signature-unreadable",
    make: async ({ leader }) => {
      const honest = await signedByHand({ key: leader });
      const { cms } = signatureParts(honest);
      return withCms(honest, Buffer.concat([cms, Buffer.from("hidden")]));
    },
  },
  {
    name: "a signature emptied",
    code: "signature-unreadable",
    make: async ({ leader }) => withCms(await signedByHand({ key: leader }), Buffer.alloc(0)),
  },

  // Shadows: prepared before the signature, shown after it.
  {
    name: "shadow, hide: what covered the text is freed",
    code: "content-hidden",
    make: async ({ leader }) => {
      const signed = await signedByHand({ key: leader, paper: covered() });
      return update(signed, [], { free: [8] });
    },
  },
  {
    name: "shadow, replace: another catalogue that lay ready",
    code: "content-replaced",
    make: async ({ leader }) =>
      update(await signedByHand({ key: leader, paper: twofold() }), [], { root: 11 }),
  },
  {
    name: "shadow, hide and replace: an object turned to what lay hidden",
    code: "content-replaced",
    make: async ({ leader }) => {
      const signed = await signedByHand({ key: leader, paper: hiding() });
      return update(signed, [], { pointed: [{ number: 4, offset: signed.indexOf("4 0 obj", 0) }] });
    },
  },
  {
    name: "shadow, made ready: a second object of the same number in the signed part",
    code: "duplicate-object",
    verdict: "unjudged",
    make: async ({ leader }) => signedByHand({ key: leader, paper: hiding() }),
  },
  {
    name: "a later object laid over the page",
    code: "annotation-added",
    make: ({ sealed }) => {
      const { page, dict, state } = contentOf(sealed);
      const annotations = (state.array(dict.get("Annots")) ?? []).map(written).join(" ");
      return update(sealed, [
        { number: page, body: rewritten(dict, { Annots: `[${annotations} 9000 0 R]` }) },
        {
          number: 9000,
          body: `<< /Type /Annot /Subtype /Stamp /Rect [50 300 550 700] /F 4 /AP << /N 9001 0 R >> >>`,
        },
        { number: 9001, body: stream(FORGED, FORM) },
      ]);
    },
  },
  {
    name: "an unsigned signature field that shows a text",
    code: "annotation-added",
    make: ({ sealed }) => update(sealed, newField(sealed, "/Rect [50 300 350 400] /AP << /N 9001 0 R >>")),
  },
  {
    name: "a further signature that covers the page",
    code: "overlay-added",
    make: ({ sealed, agency }) =>
      signedUpdate(sealed, 9002, newField(sealed, "/Rect [0 0 595 842] /AP << /N 9001 0 R >> /V 9002 0 R"), {
        key: agency,
      }),
  },
  {
    name: "a text field filled in later",
    code: "field-changed",
    make: async ({ leader }) => {
      const signed = await signedByHand({ key: leader, paper: withTextField("12", "12") });
      return update(signed, [{ number: 8, body: textField("9999", "9 0 R") }]);
    },
  },
  {
    name: "the picture of a text field exchanged later",
    code: "field-changed",
    make: async ({ leader }) => {
      const signed = await signedByHand({ key: leader, paper: withTextField("12", "12") });
      return update(signed, [{ number: 9, body: stream("BT /F 12 Tf (9999) Tj ET", FORM) }]);
    },
  },
  {
    name: "a text field whose value is not what it shows",
    code: "field-value-differs",
    make: ({ leader }) => signedByHand({ key: leader, paper: withTextField("12", "9999") }),
  },
  {
    name: "a script in the signed paper",
    code: "active-content",
    verdict: "unjudged",
    make: ({ leader }) =>
      signedByHand({
        key: leader,
        paper: handPaper("Quyet dinh", [{ number: 8, body: "<< /S /JavaScript /JS (this.getField) >>" }]).map(
          (one) =>
            one.number === 1
              ? { ...one, body: String(one.body).replace("/Pages", "/OpenAction 8 0 R /Pages") }
              : one,
        ),
      }),
  },
  {
    name: "an update whose startxref is wrong, so that programs repair it",
    code: "object-appended",
    make: ({ sealed }) => {
      const { number } = contentOf(sealed);
      return update(sealed, [{ number, body: stream(FORGED) }], { startxref: 7 });
    },
  },
  {
    name: "an update that passes by the signed revision",
    code: "content-replaced",
    make: async ({ leader }) => {
      const signed = await signedByHand({ key: leader });
      const all = readHistory(openFile(signed)).states[0]!.entries;
      const pointed = [...all].flatMap(([number, entry]) =>
        entry.kind === "plain" ? [{ number, offset: entry.offset }] : [],
      );
      const file = update(signed, [], { pointed }).toString("latin1");
      return Buffer.from(file.replace(/\/Prev \d+ (?=[^]*$)/, ""), "latin1");
    },
  },
  {
    name: "a certifying signature that forbids changes, and another after it",
    code: "changes-forbidden",
    make: async ({ leader, agency }) => {
      const reference =
        "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]";
      const signed = await signedByHand({ key: leader, before: reference });
      return signedUpdate(signed, 9002, newField(signed, "/Rect [0 0 0 0] /V 9002 0 R"), { key: agency });
    },
  },
  {
    name: "a signature that no field holds",
    code: "stray-signature",
    verdict: "unjudged",
    make: async ({ leader }) =>
      Buffer.from(
        (await signedByHand({ key: leader }))
          .toString("latin1")
          .replace("/Fields [5 0 R ]", "/Fields [      ]")
          .replace("/Annots [5 0 R]", "/Annots [     ]"),
        "latin1",
      ),
  },
  {
    name: "no signature at all",
    code: "no-signature",
    verdict: "unjudged",
    make: () =>
      wholePdf(
        handPaper().map((one) =>
          one.number === 5 ? { ...one, body: String(one.body).replace("/V 6 0 R", "") } : one,
        ),
      ),
  },
  {
    name: "no PDF",
    code: "not-a-pdf",
    verdict: "unjudged",
    make: () => Buffer.from("<html>%PDF-1.7</html>"),
  },
  {
    name: "a PDF cut in the middle",
    code: "structure-unclear",
    verdict: "unjudged",
    make: ({ signed }) => signed.subarray(0, Math.floor(signed.length / 2)),
  },
  {
    name: "an encrypted file",
    code: "file-encrypted",
    verdict: "unjudged",
    make: () => wholePdf(handPaper(), "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <00> /U <00> >>"),
  },
  {
    name: "a file over 50 MB",
    code: "file-too-large",
    verdict: "unjudged",
    make: ({ sealed }) => Buffer.concat([sealed, Buffer.alloc(50 * 1024 * 1024, 0x20)]),
  },
  {
    name: "an object stream that unpacks to a hundred megabytes",
    code: "file-too-complex",
    verdict: "unjudged",
    make: () => {
      const bomb = deflateSync(Buffer.alloc(100 * 1024 * 1024, 0x20));
      return bombed(bomb);
    },
  },
  {
    name: "values nested ten thousand deep",
    code: "file-too-complex",
    verdict: "unjudged",
    make: ({ leader }) =>
      signedByHand({
        key: leader,
        paper: handPaper("x", [], `] /Loi ${"[".repeat(10_000)}${"]".repeat(10_000)} /Them [`),
      }),
  },
];
