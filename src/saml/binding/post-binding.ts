// The HTTP-POST binding, outwards: a page whose form posts the message by itself (bindings 3.5.4). Pure.
// The caller sends it with a Content-Security-Policy that names the nonce and adds the origin of `action` to
// form-action.

import { element, writeXml, type XmlNode } from '../xml/writer.ts';
import { encodePostMessage } from './message-encoding.ts';

export interface PostForm {
  /** A registered ACS URL, or the SingleSignOnService of the identity provider; http or https. */
  readonly action: string;
  readonly parameter: 'SAMLResponse' | 'SAMLRequest';
  readonly xml: string;
  readonly relayState?: string;
  /** Of the Content-Security-Policy of this very response. */
  readonly nonce: string;
  /** Shown while the form is under way, and on the button for browsers without script. */
  readonly words: { readonly title: string; readonly button: string };
}

/** The HTML of the page. Throws TypeError when `action` is not an http or https URL. */
export function postBindingPage(form: PostForm): string {
  const { protocol } = new URL(form.action);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new TypeError('The form can only post to an http or https address.');
  const page = element(
    'html',
    { lang: 'en' },
    element('head', {}, element('meta', { charset: 'utf-8' }), element('title', {}, form.words.title)),
    element(
      'body',
      {},
      element(
        'form',
        { method: 'post', action: form.action },
        hidden(form.parameter, encodePostMessage(form.xml)),
        form.relayState !== undefined && hidden('RelayState', form.relayState),
        element('p', {}, form.words.title),
        element('button', { type: 'submit' }, form.words.button),
      ),
      element('script', { nonce: form.nonce }, 'document.forms[0].submit()'),
    ),
  );
  return `<!doctype html>${writeXml(page)}`;
}

const hidden = (name: string, value: string): XmlNode => element('input', { type: 'hidden', name, value });
