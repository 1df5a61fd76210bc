import { join } from "node:path";
import type { RequestHandler, Router } from "express";
import type { Deps } from "../dossier/deps.ts";
import { cloudService, type CloudServiceConfig } from "./cloud-service.ts";
import type { Timestamper } from "./cms.ts";
import { guardedKey, keyEntryOf, openKey } from "./configured-keys.ts";
import { openDemonstrationAuthority } from "./demonstration-authority.ts";
import { demonstrationRoutes, demonstrationTimestamps, withDemonstration } from "./demonstration-routes.ts";
import type { SigningDeps } from "./deps.ts";
import { fetchBytes } from "./fetch-bytes.ts";
import { noSignatureImage, noSigningKeys } from "./key-problems.ts";
import { imageInUse } from "./signature-images.ts";
import { timestampService, type TimestampServiceConfig } from "./timestamp-service.ts";
import { validationSource } from "./validation-data.ts";

export interface SigningConfig {
  /** Undefined: the demonstration's own, in production none. */
  timestamps?: TimestampServiceConfig | undefined;
  cloud?: CloudServiceConfig | undefined;
}

/** After ten seconds somebody at a desk is told to look later (contract). */
const PATIENCE_MS = 10_000;

export interface OpenedSigning extends SigningDeps {
  /** The demonstration authority's addresses; undefined in production. */
  routes: ((limited: RequestHandler) => Router) | undefined;
}

/** Opens what signing needs: keys, timestamps, validation data; in production never the demonstration authority. */
export async function openSigning(
  deps: Pick<Deps, "db" | "clock" | "publicUrl">,
  config: SigningConfig & { dataDir: string; production: boolean },
): Promise<OpenedSigning> {
  const { db, clock, publicUrl } = deps;
  const demonstration = config.production
    ? undefined
    : await openDemonstrationAuthority({
        dir: join(config.dataDir, "keys", "authority"),
        production: false,
        publicUrl,
      });
  const cloud = config.cloud === undefined ? undefined : cloudService(config.cloud);
  const outside = fetchBytes();
  return {
    async keyOf({ officer, agency }) {
      const entry = await keyEntryOf(db, officer ? "officer" : "agency", officer?.username ?? agency.code);
      if (entry !== undefined) return guardedKey(openKey(entry, cloud), clock.now());
      if (demonstration === undefined) throw noSigningKeys(officer?.name ?? agency.name);
      if (officer === undefined) return demonstration.agencyKey(agency);
      const { username: id, name, title } = officer;
      return demonstration.officerKey({ id, name, title, agencyCode: agency.code, agencyName: agency.name });
    },
    async imageOf({ officer, agency }) {
      const image = await imageInUse(db, officer ? "officer" : "agency", officer?.username ?? agency.code);
      if (image === undefined && config.production) throw noSignatureImage(officer?.name ?? agency.name);
      return image;
    },
    timestamp: timestamperOf(),
    validation: validationSource(
      demonstration === undefined ? outside : withDemonstration(demonstration, clock, outside),
    ),
    patience: PATIENCE_MS,
    routes: demonstration && ((limited) => demonstrationRoutes(demonstration, clock, limited)),
  };

  function timestamperOf(): Timestamper | undefined {
    if (config.timestamps !== undefined) return timestampService(config.timestamps);
    return demonstration && demonstrationTimestamps(demonstration, clock);
  }
}
