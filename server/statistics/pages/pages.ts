import { Router } from "express";
import { behindPages } from "./behind-pages.tsx";
import { componentPages } from "./component-pages.tsx";
import type { StatisticsPagesDeps } from "./deps.ts";
import { formPages } from "./form-pages.tsx";
import { indexPages } from "./index-page.tsx";
import { nightPages, type Causes } from "./nights-page.tsx";
import { overviewPages } from "./overview-page.tsx";
import { procedurePages } from "./procedure-pages.tsx";
import { publicFigures } from "./public-page.tsx";

/** `/thong-ke` for those who answer for units, and `/so-lieu` for everybody. `causes` are the words for differences to the portal. */
export function statisticsPages(deps: StatisticsPagesDeps, causes: Causes): Router {
  const router = Router();
  router.use(overviewPages(deps));
  router.use(formPages(deps));
  router.use(behindPages(deps));
  router.use(indexPages(deps));
  router.use(procedurePages(deps));
  router.use(componentPages(deps));
  router.use(nightPages(deps, causes));
  router.use(publicFigures(deps));
  return router;
}
