/** Natter's sign. */
export const BrandMark = ({ size = 22 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true" className="shrink-0">
    <rect x="1" y="1" width="20" height="20" rx="6.5" className="fill-accent dark:fill-[oklch(0.36_0.07_145)]" />
    <path
      d="M6.5 15.5V6.5l9 9v-9"
      fill="none"
      className="stroke-live"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
