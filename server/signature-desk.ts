import { join } from "node:path";
import type { RequestHandler, Router } from "express";
import { CHAIR } from "./catalogue/units.ts";
import type { Deps } from "./dossier/deps.ts";
import { openCheckDesk } from "./signature-check/check-desk.ts";
import { signatureCheckPages } from "./signature-check/pages.tsx";
import { uploadReader } from "./signature-check/read-upload.ts";
import { signatureCheckRoutes } from "./signature-check/routes.ts";
import { openTrust, type Trust } from "./signature-check/trusted-authorities.ts";
import { openDemonstrationAuthority } from "./signing/demonstration-authority.ts";
import { typedCode } from "./tracking/typed-code.ts";

/** The check of signed papers, for people and for programs. */
export interface SignatureDesk {
  pages: Router;
  routes: Router;
}

/**
 * Opens the check of signed papers. Trusted are the authorities in `trusted-certificates` of the data folder and, except
 * in production, the demonstration's own with its revocation lists as they are now.
 */
export async function openSignatureDesk(
  deps: Deps,
  config: { dataDir: string; production: boolean; uploadDir: string },
  throttle: RequestHandler,
): Promise<SignatureDesk> {
  const demonstration = config.production
    ? undefined
    : await openDemonstrationAuthority({
        dir: join(config.dataDir, "keys", "authority"),
        production: false,
        publicUrl: deps.publicUrl,
      });
  const own = demonstration === undefined ? [] : [demonstration.rootCertificate];
  const kept = openTrust(join(config.dataDir, "trusted-certificates"), own, deps.log);
  const trust = async (): Promise<Trust> => {
    const { trusted, crls } = await kept();
    const lists: Buffer[] = [];
    for (const name of ["root.crl", "signing.crl"]) {
      const list = await demonstration?.published("crl", name, deps.clock.now());
      if (list !== undefined) lists.push(list);
    }
    return { trusted, crls: [...crls, ...lists] };
  };
  const desk = openCheckDesk(deps, trust);
  const read = uploadReader(config.uploadDir);
  const owner = deps.agencies.get(CHAIR)?.name ?? "";
  return {
    pages: signatureCheckPages({ desk, read, throttle, codeOf: typedCode, owner, log: deps.log }),
    routes: signatureCheckRoutes(desk, read, throttle),
  };
}
