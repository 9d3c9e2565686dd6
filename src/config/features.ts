import type { FeaturesConfig } from "./natter-config.ts";

/** What a server does besides answering. */
export type ResolvedFeatures = Readonly<Record<keyof FeaturesConfig, boolean>>;

export const featuresOf = (file: FeaturesConfig = {}): ResolvedFeatures => ({
  titles: file.titles ?? true,
  summary: file.summary ?? true,
  attachments: file.attachments ?? true,
  artifacts: file.artifacts ?? true,
});
