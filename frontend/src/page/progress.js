const EVERY = 1000; // milliseconds between two looks at a running job
const SLOWER = 1.3; // each look waits this much longer, at most:
const LONGEST = 10_000; // milliseconds

function show(box, job) {
  const bar = box.querySelector("progress");
  if (job.percent === null || job.percent === undefined) bar.removeAttribute("value");
  else bar.value = job.percent;
  const text = box.querySelector("[data-kz-job-text]");
  if (job.text && text.textContent !== job.text) text.textContent = job.text;
}

async function look(box, wait) {
  let job;
  try {
    const answer = await fetch(box.dataset.kzJob, { headers: { Accept: "application/json" } });
    if (answer.ok) job = await answer.json();
    else if (answer.status < 500) return;
  } catch {
    // The network may be away for a moment; the next look tells.
  }
  if (job) show(box, job);
  if (job?.finished) {
    if (job.url && box.dataset.kzJobThen !== "reload") location.assign(job.url);
    else location.reload();
    return;
  }
  setTimeout(() => look(box, Math.min(LONGEST, wait * SLOWER)), wait);
}

/** Follows a job: GET data-kz-job answers {percent, text, finished, url}; at the end the page goes to url,
 *  or reloads where there is none or data-kz-job-then="reload" asks for it. */
export function followJobs() {
  for (const box of document.querySelectorAll("[data-kz-job]")) look(box, EVERY);
}
