/** A number that a conversation may set, and what it may be. */
export interface NumberSetting {
  readonly name: "temperature" | "topP" | "maxOutputTokens" | "frequencyPenalty" | "presencePenalty";
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
  readonly step: number;
}

export const numberSettings: readonly NumberSetting[] = [
  { name: "temperature", low: 0, high: 2, isWhole: false, step: 0.1 },
  { name: "topP", low: 0, high: 1, isWhole: false, step: 0.05 },
  { name: "maxOutputTokens", low: 1, high: 1_000_000, isWhole: true, step: 1 },
  { name: "frequencyPenalty", low: -2, high: 2, isWhole: false, step: 0.1 },
  { name: "presencePenalty", low: -2, high: 2, isWhole: false, step: 0.1 },
];

export const mostInstructionCharacters = 100_000;
export const mostProviderOptionCharacters = 16_384;
