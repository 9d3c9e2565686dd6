import { PageSection } from "../ui/page/page-section.tsx";
import { ExportSection } from "./export-section.tsx";
import { ImportSection } from "./import-section.tsx";
import { transferTexts } from "./transfer-texts.ts";

/** What this person takes along, and brings along. */
export const DataPage = () => (
  <>
    <h3 className="mb-2.5 text-14 font-semibold">{transferTexts.import}</h3>
    <ImportSection />
    <PageSection title={transferTexts.export}>
      <ExportSection />
    </PageSection>
  </>
);
