/* The logo: the two l of the name and the bar that ties them. Pure. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M6 10h8" stroke="var(--accent)" />
      <path d="M5 3v14M15 3v14" stroke="currentColor" />
    </svg>
  );
}
