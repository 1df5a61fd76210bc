import type { PdfStream } from "./pdf-object.ts";
import { nameText } from "./pdf-object.ts";
import { unpacked } from "./unpack.ts";

/** What a program writes anew into a document's metadata when it adds a signature: when, and with what. */
const WRITTEN_ANEW = [
  /<(xmp:ModifyDate|xmp:MetadataDate|pdf:Producer|xmpMM:InstanceID)>[^<]*<\/\1>/g,
  /\s(xmp:ModifyDate|xmp:MetadataDate|pdf:Producer|xmpMM:InstanceID)=("[^"]*"|'[^']*')/g,
  /<\?xpacket[^>]*\?>/g,
  /\s+/g,
];

/** Whether two metadata streams (XMP) say the same but for the time and program of the last change. */
export function sameMetadata(before: PdfStream | undefined, after: PdfStream): boolean {
  if (nameText(after.dict.get("Type")) !== "Metadata" || nameText(after.dict.get("Subtype")) !== "XML")
    return false;
  return before !== undefined && core(before) === core(after);
}

function core(stream: PdfStream): string {
  const text = unpacked(stream).toString("utf8");
  return WRITTEN_ANEW.reduce((left, pattern) => left.replace(pattern, ""), text);
}
