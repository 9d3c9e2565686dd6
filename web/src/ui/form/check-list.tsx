export interface CheckListProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: readonly Value[];
  readonly onChange: (chosen: readonly Value[]) => void;
}

/** Any of some things, all of them in sight. */
export const CheckList = <Value extends string>({ label, options, chosen, onChange }: CheckListProps<Value>) => (
  <fieldset className="min-w-0">
    <legend className="mb-1 text-13 font-[550]">{label}</legend>
    <div className="flex flex-wrap gap-x-4 gap-y-1">
      {options.map((option) => (
        <label key={option.value} className="flex min-h-8 min-w-0 items-center gap-2 max-wide:min-h-10">
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, option.value] : chosen.filter((other) => other !== option.value))
            }
            className="size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0 truncate">{option.label}</span>
        </label>
      ))}
    </div>
  </fieldset>
);
