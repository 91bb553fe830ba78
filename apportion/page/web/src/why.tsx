/// なぜ: an amount from the invoice down to the steps; every number opens its place.
import { NoAmounts } from "./checks";
import type { Line, Step, Story } from "./engine";
import type { Props } from "./page";
import { Spot } from "./place";
import type { Store } from "./state";

export function Why({ store }: Props) {
  const { amounts, asked, story } = store.state;
  if (!amounts) return <NoAmounts store={store} title="なぜ" />;
  return (
    <section>
      <h2>なぜ</h2>
      <p>
        <label>
          団体{" "}
          <select
            value={asked.member}
            onChange={(event) => void store.why(event.currentTarget.value, asked.project)}
          >
            <option value="">（選んでください）</option>
            {amounts.members.map((member) => (
              <option key={member.code} value={member.code}>
                {member.code} {member.name}
              </option>
            ))}
          </select>
        </label>{" "}
        <label>
          事業{" "}
          <select
            value={asked.project}
            disabled={!asked.member}
            onChange={(event) => void store.why(asked.member, event.currentTarget.value)}
          >
            <option value="">すべて</option>
            {amounts.projects.map((project) => (
              <option key={project.name} value={project.name}>
                {project.name}
              </option>
            ))}
          </select>
        </label>
      </p>
      {!story && <p class="words">団体を選ぶと、負担金を請求から一行ずつの計算まで説明します。「金額」の額を押しても、ここが開きます。</p>}
      {story && <Told store={store} story={story} single={!!asked.project} />}
    </section>
  );
}

function Told({ store, story, single }: { store: Store; story: Story; single: boolean }) {
  return (
    <div class="story">
      <h3>
        {story.member}（団体コード {story.code}）　負担金 {story.owed}
      </h3>
      {story.heir_of && (
        <p>
          {story.heir_of}は、合併により{story.member}に引き継がれています。
        </p>
      )}
      <ul class="dues">
        {story.instalments.map((due) => (
          <li key={`${due.label}${due.day}`}>
            {due.label}　{due.day}　{due.yen}
          </li>
        ))}
        {story.payers.map((payer) => (
          <li key={payer.name}>
            代表の{payer.name}に請求する額　{payer.yen}
          </li>
        ))}
        {story.others.map((other) => (
          <li key={other.name}>
            代表として納める{other.name}の分　{other.yen}
          </li>
        ))}
      </ul>
      {story.projects.map((project) => (
        <details key={project.name} open={single}>
          <summary>
            <span class="name">{project.name}</span> <span class="value">{project.yen}</span>
          </summary>
          {project.lines.map((line) => (
            <Charge key={line.name} store={store} line={line} open={single} />
          ))}
        </details>
      ))}
    </div>
  );
}

function Charge({ store, line, open }: { store: Store; line: Line; open: boolean }) {
  return (
    <details class="line" open={open}>
      <summary>
        <span class="name">{line.name}</span> <span class="rule">{line.rules.join("　")}</span>{" "}
        <span class="value">{line.yen}</span>
      </summary>
      {line.legal.map((legal, number) => (
        <p key={number}>
          根拠: {legal.text} <Spot store={store} place={legal.place} />
        </p>
      ))}
      <table class="steps">
        <tbody>
          {line.steps.map((step, number) => (
            <Row key={number} store={store} step={step} />
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Row({ store, step }: { store: Store; step: Step }) {
  return (
    <tr>
      <th scope="row" style={{ paddingLeft: `${step.depth + 0.3}em` }}>
        {step.label}
      </th>
      <td class="value">{step.value}</td>
      <td>
        {step.formula && <div>＝ {step.formula}</div>}
        {step.words && <div class="words">{step.words}</div>}
      </td>
      <td>{step.place.words && <Spot store={store} place={step.place} />}</td>
    </tr>
  );
}
