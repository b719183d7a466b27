import type { ButtonHTMLAttributes, ComponentChildren } from "preact";

type Kind = "primary" | "secondary" | "danger" | "quiet";

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "onClick" | "disabled"> {
  kind?: Kind;
  /** Under way: it stays where it is and can be focused, and does nothing. */
  busy?: boolean;
  disabled?: boolean;
  wide?: boolean;
  type?: "button" | "submit";
  onClick?: () => void;
  children: ComponentChildren;
}

export function Button({ kind = "primary", busy, disabled, wide, type = "button", onClick, children, ...more }: ButtonProps) {
  const off = Boolean(busy || disabled);
  return (
    <button
      {...more}
      type={type}
      class={`button ${kind}${wide ? " wide" : ""}`}
      aria-disabled={off}
      aria-busy={busy ? true : undefined}
      onClick={(event) => (off ? event.preventDefault() : onClick?.())}
    >
      {children}
    </button>
  );
}

export function LinkButton({ kind = "primary", wide, href, children }: { kind?: Kind; wide?: boolean; href: string; children: ComponentChildren }) {
  return (
    <a class={`button ${kind}${wide ? " wide" : ""}`} href={href}>
      {children}
    </a>
  );
}
