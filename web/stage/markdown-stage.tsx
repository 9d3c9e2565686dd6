import { canComplete } from "../src/markdown/text/complete-text.ts";
import { Markdown } from "../src/markdown/markdown.tsx";
import { openStage } from "./stage.tsx";

await canComplete;
openStage(Markdown);
