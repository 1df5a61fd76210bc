import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface SigningServiceOptions {
  /** PKCS#8 PEM. */
  privateKey: string;
  /** The signer's first; base64 of DER. */
  certificates: string[];
  pin: string;
  /** When it asks for a one-time password too. */
  otp?: string;
  /** How long a signature takes, in milliseconds. */
  delay?: number;
}

export interface SigningService {
  url: string;
  /** Which calls it answered, in order. */
  calls(): Promise<string[]>;
  /** How long signatures take from now on, in milliseconds. */
  slow(delay: number): Promise<void>;
  stop(): void;
}

export const SERVICE_LOGIN = { clientId: "mot-cua", clientSecret: "bi-mat-cua-dich-vu" };
export const SERVICE_ACCOUNT = { user: "mot-cua", password: "mat-khau-dich-vu" };
export const CREDENTIAL = "chung-thu-01";

/**
 * A remote signing service in a process of its own, that speaks the API of the Cloud Signature Consortium (1.0.4) and
 * takes nothing that the API does not allow: each authorisation is for one hash and one signature.
 */
export async function startSigningService(options: SigningServiceOptions): Promise<SigningService> {
  const child: ChildProcess = fork(fileURLToPath(new URL("signing-service-process.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
  });
  child.send({ options });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  const ask = async <T>(question: object): Promise<T> => {
    child.send(question);
    const [answer] = (await once(child, "message")) as [T];
    return answer;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => ask<string[]>({ calls: true }),
    slow: async (delay) => {
      await ask({ delay });
    },
    stop: () => void child.kill(),
  };
}
