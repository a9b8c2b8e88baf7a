// What the black-box HTTP tests share: a runner that counts, a server child, raw connections.
// Node alone (Debian: nodejs), no package.
import { spawn } from 'node:child_process';
import net from 'node:net';

const tests = [];

/** Declare a test, named for the promise it checks. */
export function test(name, body) {
	tests.push({ name, body });
}

/** Run them in order; a line each, then the count. The exit status is 1 when one failed. */
export async function runAll(title) {
	const only = process.env.TEST_ONLY;
	let passed = 0, failed = 0;
	for (const { name, body } of tests) {
		if (only && !name.includes(only))
			continue;
		try {
			await body();
			passed++;
			console.log(`ok ${title}: ${name}`);
		} catch (error) {
			failed++;
			console.log(`FAILED ${title}: ${name}\n\t${String(error.stack ?? error).replaceAll('\n', '\n\t')}`);
		}
	}
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed || !passed ? 1 : 0); // a server that a failed test left running is killed on exit
}

export function sleep(ms) {
	return new Promise((done) => setTimeout(done, ms));
}

/** Start a program that prints its port; `match` finds it in what the program says. */
export async function startServer(program, args, { match = /^port (\d+)$/m, env = {}, seconds = 60 } = {}) {
	const child = spawn(program, args, {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, ...env },
	});
	const server = { child, log: '', port: 0 };
	const exited = new Promise((done) => child.on('exit', (code, signal) => done(code ?? signal)));
	server.exited = exited;
	server.stop = async (signal = 'SIGTERM') => {
		child.kill(signal);
		return exited;
	};
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (bytes) => (server.log += bytes));
	const late = Date.now() + 1000 * seconds;
	while (!match.test(server.log)) {
		if (Date.now() > late || child.exitCode !== null)
			throw new Error(`${program} did not start:\n${server.log}`);
		await sleep(20);
	}
	server.port = Number(match.exec(server.log)[1]);
	server.url = `http://127.0.0.1:${server.port}`;
	process.on('exit', () => child.kill('SIGKILL'));
	return server;
}

/** A raw connection: what the server said so far, and whether it has closed. */
export async function connect(port, options = {}) {
	const socket = net.connect({ port, host: '127.0.0.1', ...options });
	const c = { socket, text: '', isClosed: false, write: (bytes) => socket.write(bytes) };
	socket.on('data', (bytes) => (c.text += bytes.toString('latin1')));
	socket.on('error', () => (c.isClosed = true));
	socket.on('close', () => (c.isClosed = true));
	await new Promise((done, fail) => {
		socket.once('connect', done);
		socket.once('error', fail);
	});
	c.until = async (isDone, ms = 10000) => {
		const late = Date.now() + ms;
		while (!isDone(c)) {
			if (Date.now() > late)
				throw new Error(`nothing came within ${ms} ms; so far: ${JSON.stringify(c.text.slice(0, 400))}`);
			await sleep(10);
		}
		return c;
	};
	c.untilClosed = (ms) => c.until(() => c.isClosed, ms);
	c.untilAnswers = (count, ms) => c.until(() => answersIn(c.text).length >= count, ms);
	c.end = () => socket.destroy();
	return c;
}

/** The whole answers in a text, in order: { status, headers, body }. */
export function answersIn(text, methods = []) {
	const answers = [];
	for (let at = 0; ;) {
		const end = text.indexOf('\r\n\r\n', at);
		if (end < 0)
			return answers;
		const [first, ...lines] = text.slice(at, end).split('\r\n');
		const status = Number(first.split(' ')[1]);
		const headers = Object.fromEntries(lines.map((l) => {
			const colon = l.indexOf(':');
			return [l.slice(0, colon).toLowerCase(), l.slice(colon + 1).trim()];
		}));
		const hasBody = status >= 200 && status !== 204 && status !== 304 && methods[answers.length] !== 'HEAD';
		const length = hasBody ? Number(headers['content-length'] ?? 0) : 0;
		if (text.length < end + 4 + length)
			return answers;
		answers.push({ status, headers, body: text.slice(end + 4, end + 4 + length) });
		at = end + 4 + length;
	}
}

/** Send bytes on a new connection, and read until `count` answers or the end. */
export async function exchange(port, bytes, { count = 1, ms = 10000 } = {}) {
	const c = await connect(port);
	c.write(bytes);
	await c.until(() => c.isClosed || answersIn(c.text).length >= count, ms);
	await sleep(30); // a close right behind the answer is part of what is asserted
	const result = { answers: answersIn(c.text), text: c.text, isClosed: c.isClosed };
	c.end();
	return result;
}
