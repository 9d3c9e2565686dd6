import { useQuery } from "@tanstack/react-query";
import type { Budget, BudgetStanding } from "natter/client";
import { PageSection } from "../ui/page/page-section.tsx";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed, type Deed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { formatCompact, formatMicros } from "../ui/format.ts";
import { QueryState } from "../ui/page/query-state.tsx";
import { BudgetForm } from "./budget-form.tsx";
import { workspaceTexts } from "./workspace-texts.ts";

const limitsOf = ({ limitMicros, limitTokens }: Budget): string =>
  [
    ...(limitMicros === null ? [] : [formatMicros(limitMicros)]),
    ...(limitTokens === null ? [] : [workspaceTexts.tokens(formatCompact(limitTokens))]),
  ].join(` ${workspaceTexts.or} `);

const nameOf = ({ scope, subject }: Budget): string =>
  [workspaceTexts.scopes[scope], ...(subject === null ? [] : [workspaceTexts.subject(subject)])].join(", ");

const BudgetRow = ({ budget, deed }: { readonly budget: Budget; readonly deed: Deed }) => {
  const { budgets } = useNatter();
  return (
    <li className="flex min-h-12 items-center gap-3 border-t border-line first:border-t-0">
      <span className="min-w-0 flex-1 leading-tight">
        <b className="block truncate font-[550]">{nameOf(budget)}</b>
        <small className="text-12 text-text-3 tabular-nums">
          {workspaceTexts.limits(limitsOf(budget), workspaceTexts.periods[budget.period])}
        </small>
      </span>
      <ConfirmButton
        label={workspaceTexts.remove}
        question={workspaceTexts.removeBudget(nameOf(budget))}
        disabled={deed.isBusy}
        onConfirm={() => deed.act(() => budgets.remove(budget.id))}
      />
    </li>
  );
};

const spentOf = (standing: BudgetStanding): string =>
  [
    ...(standing.limitMicros === null
      ? []
      : [workspaceTexts.spent(formatMicros(standing.spentMicros), formatMicros(standing.limitMicros))]),
    ...(standing.limitTokens === null
      ? []
      : [
          workspaceTexts.spent(
            formatCompact(standing.spentTokens),
            workspaceTexts.tokens(formatCompact(standing.limitTokens)),
          ),
        ]),
  ].join(" · ");

const Standings = ({ quota }: { readonly quota: readonly BudgetStanding[] }) => (
  <PageSection title={workspaceTexts.standing}>
    <dl className="flex flex-col gap-1 text-13 tabular-nums">
      {quota.map((standing) => (
        <div key={`${standing.scope} ${standing.period}`} className="flex justify-between gap-3">
          <dt className="text-text-2">
            {workspaceTexts.scopes[standing.scope]}, {workspaceTexts.periods[standing.period]}
          </dt>
          <dd>{spentOf(standing)}</dd>
        </div>
      ))}
    </dl>
  </PageSection>
);

/** What a workspace, each person and each key may spend. */
export const BudgetsPage = () => {
  const { budgets } = useNatter();
  const me = useMe();
  const deed = useDeed("budgets", "me");
  const mayChange = me?.role === "owner" || me?.role === "admin";
  const known = useQuery({ queryKey: ["budgets"], enabled: mayChange, queryFn: () => budgets.list() });
  const quota = me?.quota ?? [];
  return (
    <>
      <p className="mb-2 text-13 text-pretty text-text-2">{workspaceTexts.budgetsHint}</p>
      {mayChange ? (
        <>
          <QueryState of={known} />
          {known.data?.data.length === 0 && <p className="text-text-3">{workspaceTexts.noBudgets}</p>}
          <ul aria-label={workspaceTexts.budgets}>
            {known.data?.data.map((budget) => (
              <BudgetRow key={budget.id} budget={budget} deed={deed} />
            ))}
          </ul>
          <PageSection title={workspaceTexts.newBudget}>
            <BudgetForm deed={deed} onSet={(body) => deed.act(() => budgets.set(body))} />
            <Refusal error={deed.error} />
          </PageSection>
        </>
      ) : (
        <p className="text-pretty text-text-2">{workspaceTexts.readOnly}</p>
      )}
      {quota.length > 0 && <Standings quota={quota} />}
    </>
  );
};
