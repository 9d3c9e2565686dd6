/** How many cases a property test tries: `usual`, or `NATTER_TEST_RUNS` where somebody has time for more. */
export const testRuns = (usual: number): number => Number(process.env["NATTER_TEST_RUNS"] ?? usual);
