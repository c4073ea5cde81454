/*
 * The menu behind the person's initials: who is signed in, the theme (remembered by Mantine's colour scheme), sign out.
 * Reach: pure.
 */
import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { Avatar } from '../page/avatar.tsx';
import { say } from '../words/words.ts';
import css from './shell.module.css';

export interface Account {
  readonly name: string;
  readonly email: string;
  /** Further Menu.Item elements, such as links to the own profile. */
  readonly items?: ReactNode;
}

const SCHEMES = ['auto', 'light', 'dark'] as const;

function ThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{say('shell.theme')}</Menu.Label>
      <Menu.RadioGroup
        value={colorScheme}
        onChange={(value) => setColorScheme(SCHEMES.find((scheme) => scheme === value) ?? 'auto')}
      >
        {SCHEMES.map((scheme) => (
          <Menu.RadioItem key={scheme} value={scheme}>
            {say(`shell.theme.${scheme}`)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}

export function AccountMenu({ account, onSignOut }: { account: Account; onSignOut: () => void }) {
  return (
    <Menu width={240}>
      <Menu.Target>
        <UnstyledButton className={css['account']} aria-label={say('shell.account', { name: account.name })}>
          <Avatar name={account.name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={css['who']}>
          <strong>{account.name}</strong>
          <span>{account.email}</span>
        </div>
        <Menu.Divider />
        {account.items}
        <ThemeChoice />
        <Menu.Divider />
        <Menu.Item onClick={onSignOut}>{say('shell.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
