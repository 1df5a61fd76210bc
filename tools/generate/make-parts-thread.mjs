// A thread does not inherit tsx from the program (Node 20), so it registers tsx before it loads TypeScript.
import { register } from "tsx/esm/api";
register();
await import("./make-parts.ts");
