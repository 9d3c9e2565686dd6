import { Switch } from "radix-ui";
import { useId, type ReactNode } from "react";

export interface ToggleProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** Something that is on or off, with its name in front. */
export const Toggle = ({ label, description, isOn, onChange }: ToggleProps) => {
  const id = useId();
  return (
    <div className="flex items-center justify-between gap-4 py-1.5">
      <label htmlFor={id} className="min-w-0">
        <span className="block font-[550]">{label}</span>
        {description !== undefined && <span className="block text-13 text-text-3">{description}</span>}
      </label>
      <Switch.Root
        id={id}
        checked={isOn}
        onCheckedChange={onChange}
        className="relative h-[22px] w-[38px] shrink-0 rounded-full border border-edge bg-sunken transition-colors duration-(--fast) data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Switch.Thumb className="block size-4 translate-x-[2px] rounded-full bg-edge transition-transform duration-(--fast) data-[state=checked]:translate-x-[18px] data-[state=checked]:bg-on-accent" />
      </Switch.Root>
    </div>
  );
};
