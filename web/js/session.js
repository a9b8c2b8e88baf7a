// What whoever looks at the page may do. Where visitors may plan too, as on one's own machine, nothing is shown.
let said = { role: 'planner' }; // until the service, which is what refuses, has said

export const mayPlan = () => ['planner', 'admin'].includes(said.role);

export async function session(box) {
  const reply = await fetch('/api/session').catch(() => ({}));
  if (reply.ok) said = await reply.json();
  if (said.person || !mayPlan()) (await import('./login.js')).greet(box, said);
}
