import { reservedOutput, type BudgetPolicy, type Reservation } from "../../completions/money/budgets.ts";
import type { ModelCall } from "../../protocol/agent/model.ts";
import type { EngineModels } from "../dependencies.ts";

/** What is set aside for the answer of a call. */
export const reservationOf = (
  models: EngineModels,
  policy: BudgetPolicy,
  { model, settings }: Pick<ModelCall, "model" | "settings">,
): Reservation => ({
  policy,
  outputTokens: reservedOutput(settings.maxOutputTokens ?? models.describe(model).maxOutputTokens),
});

/** Nothing where there are no budgets. */
export interface Reserve {
  readonly reserve?: Reservation;
}

/** The same where there are budgets. */
export const reserveFor = (models: EngineModels, call: ModelCall): Reserve =>
  models.budgets === undefined ? {} : { reserve: reservationOf(models, models.budgets, call) };

/** For a call that was made already and is only counted. */
export const countMade = ({ budgets: policy }: EngineModels): Reserve =>
  policy === undefined ? {} : { reserve: { policy, outputTokens: 0, isMade: true } };
