/**
 * The two campaigns of the demo: what they say, from whom, and to which segment. The SMS is in the language of its readers
 * and so in UCS-2 (ş and ı are not in the alphabet of GSM-7).
 */
import type { CreateCampaign } from '../contract/campaigns.js';
import type { CreateTemplate } from '../contract/templates.js';
import type { DemoSegment } from './segments.js';

export type DemoCampaign = {
  readonly title: string;
  readonly segment: DemoSegment['key'];
  readonly template: CreateTemplate;
  readonly sender:
    | Pick<Extract<CreateCampaign, { channel: 'sms' }>, 'channel' | 'sender'>
    | Pick<Extract<CreateCampaign, { channel: 'email' }>, 'channel' | 'sender'>;
};

const smsText =
  '{{#if firstName}}Merhaba {{firstName}}! {{/if}}{{default city "Türkiye"}} mağazalarımızda hafta sonu %20 indirim. ' +
  'Kod: HAFTA20. Çıkmak için RET yazın.';

const html = `<!doctype html>
<html lang="en">
  <body style="margin:0;background:#f4f1ec;font-family:Georgia,serif;color:#2b2622">
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
      <tr><td align="center" style="padding:32px 16px">
        <table role="presentation" width="560" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff">
          <tr><td style="padding:32px 40px 8px">
            <h1 style="margin:0;font-size:26px">We kept something for you, {{default firstName "friend"}}</h1>
          </td></tr>
          <tr><td style="padding:8px 40px;font-size:16px;line-height:1.6">
            <p>It has been a while. The winter collection has come in: hand warmers, star-shaped lights and jam jars with real lids.</p>
            {{#if city}}<p>Orders to {{city}} go out free of charge until Sunday.</p>{{/if}}
            <p><a href="https://shop.example.com/winter" style="display:inline-block;padding:12px 24px;background:#7a2e1d;color:#ffffff;text-decoration:none">See the collection</a></p>
          </td></tr>
          <tr><td style="padding:24px 40px 32px;font-size:13px;color:#6d655d">
            {{workspaceName}} · 1 Example Street, London ·
            <a href="{{unsubscribeUrl}}" style="color:#6d655d">Unsubscribe</a>
          </td></tr>
        </table>
      </td></tr>
    </table>
  </body>
</html>
`;

export const demoCampaigns: readonly DemoCampaign[] = [
  {
    title: 'Weekend offer',
    segment: 'region',
    template: { channel: 'sms', name: 'Weekend offer (Turkish)', body: smsText },
    sender: { channel: 'sms', sender: { from: 'GIFTSHOP' } },
  },
  {
    title: 'We miss you',
    segment: 'no-order',
    template: {
      channel: 'email',
      name: 'We miss you (English)',
      subject: '{{default firstName "Hello"}}, we kept something for you',
      preheader: 'The winter collection is here, and delivery is free until Sunday.',
      html,
      mjml: null,
      text: null,
    },
    sender: {
      channel: 'email',
      sender: { fromName: 'The Gift Shop', fromAddress: 'shop@example.com', replyTo: 'help@example.com' },
    },
  },
];
