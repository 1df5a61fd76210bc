// A process of its own does not inherit tsx from the program, so it registers tsx before it loads TypeScript.
import { register } from "tsx/esm/api";
register();
await import("./reader-process.ts");
