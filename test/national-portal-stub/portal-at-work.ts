import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  startPortalStub,
  type RunningStub,
  type StubSettings,
} from "../../server/national-portal-stub/start.ts";

export const ACCOUNT = { username: "tinh-thu", password: "mat-khau-thu", unit: "000.00.00.H30" };

export interface PortalAtWork extends RunningStub {
  /** GET or PUT one of the stub's own addresses; answers its JSON. */
  get: <T>(path: string) => Promise<T>;
  setFaults: (faults: Record<string, unknown>) => Promise<number>;
}

/** Starts the stub on any free port with two procedures in its catalogue. */
export async function startPortalAtWork(
  databaseUrl: string,
  settings: Partial<StubSettings> = {},
): Promise<PortalAtWork> {
  const folder = await mkdtemp(join(tmpdir(), "portal-stub-"));
  const proceduresFile = join(folder, "procedures.json");
  const procedures = [
    { code: "1.001193.000.00.00.H30", name: "Đăng ký khai sinh", fieldName: "Hộ tịch" },
    { code: "2.000815.000.00.00.H30", name: "Chứng thực bản sao từ bản chính", fieldName: "Chứng thực" },
  ];
  await writeFile(proceduresFile, JSON.stringify(procedures));
  const stub = await startPortalStub({
    ...ACCOUNT,
    port: 0,
    databaseUrl,
    programUrl: "http://127.0.0.1:9",
    inboundToken: "the-thu",
    proceduresFile,
    ...settings,
  });
  return {
    ...stub,
    get: async <T>(path: string) => (await (await fetch(stub.url + path)).json()) as T,
    setFaults: async (faults) => {
      const reply = await fetch(`${stub.url}/_faults`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(faults),
      });
      return reply.status;
    },
    stop: async () => {
      await stub.stop();
      await rm(folder, { recursive: true });
    },
  };
}
