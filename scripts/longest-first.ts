import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose files take minutes, though some are short: at the end one alone would hold up the rest. */
const longest = [
  "/tests/faults/",
  "/tests/package/",
  "/tests/simulation/",
  "/tests/cli/",
  "/tests/web/",
  "/tests/ai-sdk/",
  "/tests/",
  "/examples/",
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((folder) => moduleId.includes(folder));
  return place < 0 ? longest.length : place;
};

/** Begins with what takes longest; otherwise as Vitest does. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((left, right) => placeOf(left) - placeOf(right));
  }
}
