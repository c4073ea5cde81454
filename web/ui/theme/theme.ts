/*
 * The one place where Mantine learns the look: tokens become its variables, components get their defaults here and
 * nowhere else. Reach: pure.
 * The colours are names of CSS variables, so light and dark are settled by `color-scheme` and not by two palettes.
 */
import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineTheme,
  type VariantColorsResolver,
} from '@mantine/core';

function tuple(token: string): MantineColorsTuple {
  const value = `var(--${token})`;
  return [value, value, value, value, value, value, value, value, value, value];
}

const STATUS_COLORS = ['accent', 'agree', 'heed', 'held'] as const;

const variantColors: VariantColorsResolver = ({ variant, color }) => {
  const name = color && STATUS_COLORS.some((status) => status === color) ? color : undefined;
  if (variant === 'filled') {
    return {
      background: 'var(--key)',
      hover: 'var(--key-hover)',
      color: 'var(--on-key)',
      border: '1px solid var(--key)',
    };
  }
  if (variant === 'light') {
    const token = name ?? 'accent';
    return {
      background: `var(--${token}-soft)`,
      hover: `var(--${token}-soft)`,
      color: `var(--${token})`,
      border: '1px solid transparent',
    };
  }
  if (variant === 'subtle' || variant === 'transparent') {
    return {
      background: 'transparent',
      hover: 'var(--sunk)',
      color: `var(--${name ?? 'ink-2'})`,
      border: '1px solid transparent',
    };
  }
  return { background: 'var(--paper)', hover: 'var(--sunk)', color: 'var(--ink)', border: '1px solid var(--rule-2)' };
};

export const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--sans)', fontWeight: '600' },
  colors: {
    key: tuple('key'),
    accent: tuple('accent'),
    agree: tuple('agree'),
    heed: tuple('heed'),
    held: tuple('held'),
  },
  primaryColor: 'key',
  variantColorResolver: variantColors,
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '9px', xl: '9px' },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  fontSizes: { xs: '12.5px', sm: '14px', md: '14px', lg: '15px', xl: '17px' },
  fontWeights: { regular: '400', medium: '600', bold: '600' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { variant: 'default', size: 'sm' }, vars: buttonSize },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'key', size: 28 } },
    Checkbox: { defaultProps: { size: 'md', iconColor: 'var(--on-key)' } },
    Radio: { defaultProps: { size: 'md', iconColor: 'var(--on-key)' } },
    ModalRoot: { defaultProps: { centered: true, transitionProps: { transition: 'fade', duration: 120 } } },
    Input: { vars: () => ({ wrapper: { '--input-height': 'var(--control)', '--input-fz': '14px' } }) },
    // Inside its landmark, and with nothing in it but its items.
    Menu: {
      defaultProps: {
        position: 'bottom-end',
        shadow: undefined,
        transitionProps: { duration: 0 },
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: 'right' } },
    Tooltip: {
      defaultProps: { openDelay: 200, multiline: true, maw: 320, events: { hover: true, focus: true, touch: true } },
    },
    TextInput: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    PasswordInput: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Textarea: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
  },
});

/** Two heights only: 32 px, and 26 px at a row's end; on touch screens the control token makes the first one 40 px. */
function buttonSize(_theme: MantineTheme, props: { size?: string }) {
  const small = props.size === 'xs';
  return {
    root: {
      '--button-height': small ? '26px' : 'var(--control)',
      '--button-padding-x': small ? '9px' : '13px',
      '--button-fz': small ? '12.5px' : '14px',
    },
  };
}

const SHARED_VARIABLES = {
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--held)',
  '--mantine-color-success': 'var(--agree)',
  '--mantine-color-default': 'var(--paper)',
  '--mantine-color-default-hover': 'var(--sunk)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--rule-2)',
  '--mantine-color-disabled': 'var(--sunk)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-color-disabled-border': 'var(--rule-2)',
  '--mantine-primary-color-filled': 'var(--key)',
  '--mantine-primary-color-filled-hover': 'var(--key-hover)',
  '--mantine-primary-color-contrast': 'var(--on-key)',
  '--mantine-primary-color-light': 'var(--accent-soft)',
  '--mantine-primary-color-light-hover': 'var(--accent-soft)',
  '--mantine-primary-color-light-color': 'var(--accent)',
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: SHARED_VARIABLES,
  dark: SHARED_VARIABLES,
});
