import { Router } from "express";
import type { Deps } from "../dossier/deps.ts";

export function formRoutes(_deps: Deps): Router {
  return Router();
}
