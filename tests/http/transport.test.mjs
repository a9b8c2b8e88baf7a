// The promises of src/http, on tests/http/fixture.c: no database, no product.
//	RECIRCUIT_BUILD=build/release node tests/http/transport.test.mjs
import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { answersIn, connect, exchange, runAll, sleep, startServer, test } from './lib.mjs';

const program = path.join(process.env.RECIRCUIT_BUILD, 'tests/http/fixture');
const folder = mkdtempSync(path.join(tmpdir(), 'recircuit-http-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const script = `// ${'un commentaire '.repeat(300)}\n`;
mkdirSync(path.join(folder, 'web/js'), { recursive: true });
writeFileSync(path.join(folder, 'secret.txt'), 'secret');
writeFileSync(path.join(folder, 'web/index.html'), '<!doctype html><p>Bonjour\n');
writeFileSync(path.join(folder, 'web/js/map.js'), script);
writeFileSync(path.join(folder, 'web/.hidden.txt'), 'hidden');

const start = () => startServer(program, [path.join(folder, 'web')]);
const server = await start();
const { port, url } = server;

const get = (target, headers = '') => `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const post = (target, headers, body = '') =>
	`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
const echo = (body, type = 'application/json') => fetch(`${url}/echo`, {
	method: 'POST', headers: { 'Content-Type': type },
	body: typeof body === 'string' ? body : JSON.stringify(body),
});
const inner = { regions: ['24'] };

async function assertProblem(answer, status) {
	assert.equal(answer.status, status);
	assert.equal(answer.headers.get('content-type'), 'application/problem+json');
	const problem = await answer.json();
	assert.deepEqual(Object.keys(problem), ['type', 'title', 'status', 'detail', 'instance']);
	assert.equal(problem.status, status);
	assert.equal(problem.instance, `urn:recircuit:request:${answer.headers.get('x-request-id')}`);
	assert.match(problem.type, /^urn:recircuit:problem:[a-z-]+$/);
	assert.ok(problem.title && problem.detail);
	return problem;
}

test('keeps_a_connection_for_many_requests', async () => {
	const c = await connect(port);
	for (let i = 1; i <= 20; i++) {
		c.write(get('/ok'));
		await c.untilAnswers(i);
	}
	const answers = answersIn(c.text);
	assert.ok(answers.every((a) => a.status === 200 && a.body === '{"status":"ok"}'));
	assert.ok(answers.every((a) => a.headers.connection !== 'close'));
	assert.ok(!c.isClosed);
	c.end();
});

test('keeps_the_connection_after_errors_and_bodies_too', async () => {
	const body = '{"name":"x","inner":{"regions":["24"]}}';
	const large = 'x'.repeat(20000);
	const { answers } = await exchange(port,
		get('/nowhere') + post('/echo', `Content-Length: ${body.length}\r\n`, body) +
		post('/echo', `Content-Length: ${large.length}\r\n`, large) +
		post('/ok', 'Content-Length: 2\r\n', '{}') + get('/ok'), { count: 5 });
	assert.deepEqual(answers.map((a) => a.status), [404, 201, 413, 405, 200]);
});

test('answers_pipelined_requests_in_order', async () => {
	const { answers } = await exchange(port,
		[1, 2, 3, 4, 5].map((i) => get(`/items/${i}`)).join(''), { count: 5 });
	assert.deepEqual(answers.map((a) => a.body), [1, 2, 3, 4, 5].map((i) => `{"id":${i}}`));
});

// Two seconds for a whole request: each drop would put the end off if they were counted from the last one.
test('cuts_a_client_that_drips_its_head', async () => {
	const c = await connect(port);
	c.write('GET /ok HT');
	const drip = setInterval(() => c.isClosed || c.write('T'), 300);
	await c.untilClosed(20000);
	clearInterval(drip);
	assert.equal(answersIn(c.text).length, 0);
});

test('cuts_a_client_that_drips_headers_after_the_request_line', async () => {
	const c = await connect(port);
	c.write('GET /ok HTTP/1.1\r\nHost: x\r\n');
	let i = 0;
	const drip = setInterval(() => c.isClosed || c.write(`X-${i++}: y\r\n`), 300);
	await c.untilClosed(20000);
	clearInterval(drip);
});

test('cuts_a_client_that_drips_its_body', async () => {
	const c = await connect(port);
	c.write(post('/echo', 'Content-Length: 5000\r\n', '{"name":"'));
	const drip = setInterval(() => c.isClosed || c.write('a'), 300);
	await c.untilClosed(20000);
	clearInterval(drip);
});

test('cuts_a_client_that_does_not_read_its_answer', async () => {
	const c = await connect(port);
	c.socket.pause();
	c.write(get('/large').repeat(30));
	await c.until(() => /client_cut client=127\.0\.0\.1 phase=reply/.test(server.log), 20000);
	c.end();
});

test('cuts_a_connection_that_stays_idle', async () => {
	const c = await connect(port);
	c.write(get('/ok'));
	await c.untilAnswers(1);
	await c.untilClosed(20000);
});

test('does_not_cut_a_request_that_the_server_makes_wait', async () => {
	const answer = await fetch(`${url}/slow?ms=3500`);
	assert.equal(answer.status, 200);
});

test('refuses_a_body_over_the_limit_with_413', async () => {
	await assertProblem(await echo({ name: 'x', extra: 'y'.repeat(10000) }), 413);
});

test('refuses_a_body_over_the_limit_when_chunked_too', async () => {
	const chunk = `${(4000).toString(16)}\r\n${'x'.repeat(4000)}\r\n`;
	const { answers } = await exchange(port,
		post('/echo', 'Transfer-Encoding: chunked\r\n', chunk.repeat(4) + '0\r\n\r\n'));
	assert.equal(answers[0].status, 413);
});

test('takes_a_body_of_exactly_the_limit', async () => {
	const empty = JSON.stringify({ name: 'x', inner });
	const body = empty.slice(0, -1) + ' '.repeat(10000 - empty.length) + '}';
	assert.equal(body.length, 10000);
	assert.equal((await echo(body)).status, 201);
	assert.equal((await echo(body.slice(0, -1) + ' }')).status, 413);
});

test('takes_a_chunked_body', async () => {
	const body = '{"name":"x","inner":{"regions":["24"]}}';
	const chunks = [...body].map((ch) => `1\r\n${ch}\r\n`).join('') + '0\r\n\r\n';
	const { answers } = await exchange(port, post('/echo', 'Transfer-Encoding: chunked\r\n', chunks));
	assert.equal(answers[0].status, 201);
});

test('lets_a_client_that_expects_it_go_on', async () => {
	const body = '{"name":"x","inner":{"regions":["24"]}}';
	const c = await connect(port);
	c.write(post('/echo', `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n`));
	await c.until(() => c.text.startsWith('HTTP/1.1 100 '));
	c.write(body);
	await c.untilAnswers(2);
	assert.equal(answersIn(c.text)[1].status, 201);
	c.end();
});

test('refuses_a_huge_body_before_it_is_sent', async () => {
	const { answers, isClosed } = await exchange(port,
		post('/echo', 'Content-Length: 99999999999\r\nExpect: 100-continue\r\n'));
	assert.equal(answers[0].status, 413);
	assert.ok(isClosed);
});

test('cuts_a_chunked_body_without_end', async () => {
	const c = await connect(port);
	c.write(post('/echo', 'Transfer-Encoding: chunked\r\n'));
	const chunk = `${(65536).toString(16)}\r\n${'x'.repeat(65536)}\r\n`;
	for (let i = 0; i < 200 && !c.isClosed; i++) {
		c.write(chunk);
		await sleep(1);
	}
	await c.untilClosed(4000);
});

for (const [promise, headers] of [
	['content_length_with_transfer_encoding', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'],
	['transfer_encoding_with_content_length', 'Transfer-Encoding: chunked\r\nContent-Length: 2\r\n'],
	['repeated_content_length', 'Content-Length: 2\r\nContent-Length: 3\r\n'],
	['repeated_equal_content_length', 'Content-Length: 2\r\nContent-Length: 2\r\n'],
	['content_length_list', 'Content-Length: 2, 2\r\n'],
	['signed_content_length', 'Content-Length: +2\r\n'],
	['hexadecimal_content_length', 'Content-Length: 0x2\r\n'],
	['huge_content_length', 'Content-Length: 99999999999999999999\r\n'],
	['unknown_transfer_encoding', 'Transfer-Encoding: gzip\r\n'],
	['doubled_transfer_encoding', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'],
	['transfer_encoding_list', 'Transfer-Encoding: gzip, chunked\r\n'],
	['space_before_the_colon', 'Content-Length : 2\r\n'],
	['tab_before_the_colon', 'Transfer-Encoding\t: chunked\r\n'],
	['repeated_host', 'Host: y\r\nContent-Length: 2\r\n'],
])
	test(`refuses_${promise}_and_closes`, async () => {
		const { answers, isClosed, text } = await exchange(port, post('/echo', headers, '{}' + get('/ok')));
		assert.ok(isClosed, 'the connection stayed open');
		assert.ok(answers.length <= 1, 'the bytes behind were read as a request');
		if (answers.length)
			assert.ok([400, 413].includes(answers[0].status), text);
	});

test('refuses_a_request_without_host', async () => {
	const { answers } = await exchange(port, 'GET /ok HTTP/1.1\r\n\r\n');
	assert.equal(answers[0].status, 400);
});

test('survives_noise', async () => {
	for (const noise of ['\0\0\0\0\r\n\r\n', 'GET\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01', 'GET / HTTP/9.9\r\n\r\n',
		`GET /${'a'.repeat(100000)} HTTP/1.1\r\n\r\n`, `GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(20000)}\r\n`]) {
		const c = await connect(port);
		c.write(Buffer.from(noise, 'latin1'));
		await c.until(() => c.isClosed || c.text, 6000);
		c.end();
	}
	assert.equal((await fetch(`${url}/ok`)).status, 200);
});

for (const target of ['/../secret.txt', '/%2e%2e/secret.txt', '/js/../../secret.txt', '/..%2fsecret.txt',
	'//secret.txt', '/.hidden.txt', '/js', '/js/', '/js/map.js/', '/index.htm', '/JS/map.js'])
	test(`answers_404_to_${target}`, async () => {
		const { answers } = await exchange(port, get(target));
		assert.equal(answers[0].status, 404);
		assert.ok(!answers[0].body.includes('secret'));
	});

test('refuses_a_zero_byte_in_an_address', async () => {
	for (const target of ['/js/map.js%00', '/%00', '/items/1%00/x', '/ok?%00'])
		assert.equal((await exchange(port, get(target))).answers[0].status, 400, target);
});

test('answers_404_with_a_problem_document', async () => {
	await assertProblem(await fetch(`${url}/nowhere`), 404);
});

test('takes_only_positive_integers_in_paths', async () => {
	for (const bad of ['0', '-1', '01', '1.0', 'a', '1a', '', '9223372036854775808', '%201', "1'--", '1/'])
		assert.equal((await fetch(`${url}/items/${bad}`)).status, 404, bad);
	assert.deepEqual(await (await fetch(`${url}/items/9223372036854775807`)).text(), '{"id":9223372036854775807}');
	assert.deepEqual(await (await fetch(`${url}/items/7/parts`)).json(), { id: 7 });
});

test('answers_405_with_allow', async () => {
	const answer = await fetch(`${url}/items/7`, { method: 'PUT' });
	assert.equal(answer.headers.get('allow'), 'GET, HEAD, DELETE');
	await assertProblem(answer, 405);
	const page = await fetch(`${url}/js/map.js`, { method: 'POST' });
	assert.equal(page.headers.get('allow'), 'GET, HEAD');
	assert.equal(page.status, 405);
});

test('answers_415_to_a_body_that_is_not_json', async () => {
	await assertProblem(await echo('name=x', 'application/x-www-form-urlencoded'), 415);
	assert.equal((await echo({ name: 'x', inner }, 'application/json; charset=utf-8')).status, 201);
});

test('answers_400_to_a_body_that_is_not_a_json_object', async () => {
	for (const bad of ['{', '[]', '"x"', '{"name":"x","name":"y"}', '{"name":"\\u0000"}', '{"name":"x"} x',
		'{"name":NaN}', '[['.repeat(4000)])
		await assertProblem(await echo(bad), 400);
	const bytes = Buffer.from('{"name":"\xff"}', 'latin1');
	const answer = await fetch(`${url}/echo`, {
		method: 'POST', headers: { 'Content-Type': 'application/json' }, body: bytes });
	await assertProblem(answer, 400);
});

test('answers_413_to_a_body_where_none_is_read', async () => {
	const { answers } = await exchange(port,
		`GET /ok HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
	assert.equal(answers[0].status, 413);
});

test('reads_a_record_with_its_defaults', async () => {
	const answer = await echo({ name: 'Étude', inner: { regions: ['24', '11'], values: { a: 1, b: -2.5 } } });
	assert.equal(answer.status, 201);
	assert.equal(answer.headers.get('location'), '/echo/1');
	assert.deepEqual(await answer.json(), {
		name: 'Étude', kind: 'a', gap: 0.01, is_draft: false, years: 12, regions: ['24', '11'], values: { a: 1, b: -2.5 },
	});
});

for (const [promise, body, said] of [
	['a_missing_field', { inner }, /« name » \(nom\) manque/],
	['a_missing_nested_field', { name: 'x', inner: {} }, /« inner\.regions » .* manque/],
	['an_unknown_field', { name: 'x', inner, colour: 1 }, /« colour » n’est pas connu.*name, kind/],
	['an_unknown_nested_field', { name: 'x', inner: { ...inner, q: 1 } }, /« inner\.q »/],
	['a_value_too_large', { name: 'x', inner: { ...inner, years: 31 } }, /« inner\.years » .* de 1 à 30/],
	['a_value_too_small', { name: 'x', inner: { ...inner, years: 0 } }, /« inner\.years »/],
	['a_real_where_an_integer_is_due', { name: 'x', inner: { ...inner, years: 1.5 } }, /« inner\.years »/],
	['a_text_where_a_number_is_due', { name: 'x', inner, gap: '0.1' }, /« gap »/],
	['a_number_where_a_text_is_due', { name: 1, inner }, /« name »/],
	['a_null', { name: null, inner }, /« name »/],
	['a_text_too_long', { name: 'é'.repeat(21), inner }, /« name » .* 1 à 20 caractères/],
	['an_unknown_choice', { name: 'x', kind: 'ab', inner }, /« kind » .* a\|b/],
	['a_list_too_long', { name: 'x', inner: { regions: ['1', '2', '3', '4'] } }, /« inner\.regions »/],
	['an_empty_list', { name: 'x', inner: { regions: [] } }, /« inner\.regions »/],
	['a_list_item_twice', { name: 'x', inner: { regions: ['1', '1'] } }, /deux fois « 1 »/],
	['a_list_item_that_is_no_text', { name: 'x', inner: { regions: [24] } }, /« inner\.regions »/],
	['a_named_value_out_of_range', { name: 'x', inner: { ...inner, values: { a: 1e7 } } }, /« a »/],
	['a_named_value_that_is_no_number', { name: 'x', inner: { ...inner, values: { a: true } } }, /« a »/],
])
	test(`refuses_${promise}_and_names_it`, async () => {
		const problem = await assertProblem(await echo(body), 422);
		assert.match(problem.detail, said);
	});

test('refuses_numbers_that_overflow', async () => {
	await assertProblem(await echo('{"name":"x","gap":1e999,"inner":{"regions":["24"]}}'), 400);
	await assertProblem(await echo('{"name":"x","inner":{"regions":["24"],"years":99999999999999999999}}'), 400);
});

for (const [promise, query] of [
	['three_edges', 'bbox=1,2,3'], ['five_edges', 'bbox=1,2,3,4,5'], ['no_edges', 'bbox='],
	['a_word', 'bbox=1,2,3,x'], ['nan', 'bbox=nan,1,2,3'], ['infinity', 'bbox=-inf,1,2,3'],
	['west_beyond_east', 'bbox=3,1,2,4'], ['south_beyond_north', 'bbox=1,4,2,3'],
	['an_edge_off_the_earth', 'bbox=-181,1,2,3'], ['blanks', 'bbox=1,%202,3,4'],
	['a_box_twice', 'bbox=1,2,3,4&bbox=1,2,3,4'], ['an_unknown_parameter', 'bbbox=1,2,3,4'],
	['bytes_that_are_not_utf8', 'level=%ff'], ['a_zero_byte', 'level=a%00b'],
])
	test(`refuses_${promise}_in_a_query_string`, async () => {
		await assertProblem(await fetch(`${url}/box?${query}`), 400);
	});

test('reads_a_query_string', async () => {
	assert.deepEqual(await (await fetch(`${url}/box?bbox=-1.5,2,3,4&level=%C3%A9t%C3%A9+2`)).json(),
		{ is_given: true, west: -1.5, level: 'été 2' });
	assert.deepEqual(await (await fetch(`${url}/box`)).json(), { is_given: false, west: 0, level: null });
	assert.equal((await fetch(`${url}/slow`)).status, 400);
});

test('refuses_too_many_parameters', async () => {
	await assertProblem(await fetch(`${url}/box?${'a=1&'.repeat(40)}`), 400);
});

for (const target of ['/ok', '/', '/js/map.js', '/items/1', '/nowhere', '/large'])
	test(`answers_HEAD_of_${target}_as_GET_without_the_body`, async () => {
		const full = await fetch(url + target);
		const body = await full.arrayBuffer();
		const c = await connect(port);
		c.write(`HEAD ${target} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, deflate\r\n\r\n`);
		await c.until(() => c.text.includes('\r\n\r\n'));
		await sleep(50);
		const [head] = answersIn(c.text, ['HEAD']);
		assert.ok(c.text.endsWith('\r\n\r\n'), 'a body followed');
		assert.equal(head.status, full.status);
		assert.equal(head.headers['content-type'], full.headers.get('content-type'));
		assert.equal(head.headers['content-length'], full.headers.get('content-length'));
		if (target !== '/nowhere' && !full.headers.get('content-encoding'))
			assert.equal(Number(head.headers['content-length']), body.byteLength);
		c.end();
	});

test('hides_internal_details_from_the_client_and_logs_them', async () => {
	const answer = await fetch(`${url}/failure`);
	const id = answer.headers.get('x-request-id');
	const problem = await assertProblem(answer, 500);
	assert.ok(!JSON.stringify(problem).includes('secret-of-the-house'));
	assert.match(server.log, new RegExp(`request_failed id=${id} why="secret-of-the-house"`));
});

test('sends_security_headers_with_every_kind_of_answer', async () => {
	for (const target of ['/ok', '/', '/js/map.js', '/nowhere', '/failure']) {
		const { headers } = await fetch(url + target);
		assert.match(headers.get('content-security-policy'), /default-src 'self'/, target);
		assert.equal(headers.get('x-content-type-options'), 'nosniff');
		assert.ok(headers.get('referrer-policy'));
		assert.equal(headers.get('server'), null);
	}
});

test('serves_the_interface_with_types_tags_and_304', async () => {
	assert.equal(await (await fetch(`${url}/index.html`)).text(), await (await fetch(`${url}/`)).text());
	const page = await fetch(`${url}/`);
	assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
	assert.match(await page.text(), /Bonjour/);
	const file = await fetch(`${url}/js/map.js`);
	assert.equal(file.headers.get('content-encoding'), 'gzip');
	assert.equal(await file.text(), script);
	const etag = file.headers.get('etag');
	assert.match(etag, /^"[^"]+"$/);
	for (const known of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
		const again = await fetch(`${url}/js/map.js`, { headers: { 'If-None-Match': known } });
		assert.equal(again.status, 304, known);
		assert.equal(again.headers.get('etag'), etag);
	}
	const other = await fetch(`${url}/js/map.js`, { headers: { 'If-None-Match': '"other"' } });
	assert.equal(other.status, 200);
	const { answers } = await exchange(port, get('/js/map.js'));
	assert.equal(answers[0].body, script);
	assert.notEqual(answers[0].headers.etag, etag, 'plain and gzipped bytes share a strong tag');
});

test('packs_large_answers_for_those_who_accept_it', async () => {
	const plain = (await exchange(port, get('/large'))).answers[0];
	assert.equal(plain.headers['content-encoding'], undefined);
	assert.equal(plain.headers.vary, 'Accept-Encoding');
	const refusing = (await exchange(port, get('/large', 'Accept-Encoding: gzip;q=0, br\r\n'))).answers[0];
	assert.equal(refusing.headers['content-encoding'], undefined);
	const packed = (await exchange(port, get('/large', 'Accept-Encoding: br, GZIP;q=0.5\r\n'))).answers[0];
	assert.equal(packed.headers['content-encoding'], 'gzip');
	assert.ok(packed.body.length < plain.body.length / 2);
	assert.equal(zlib.gunzipSync(Buffer.from(packed.body, 'latin1')).toString(), plain.body);
	const small = (await exchange(port, get('/ok', 'Accept-Encoding: gzip\r\n'))).answers[0];
	assert.equal(small.headers['content-encoding'], undefined);
	const again = (await exchange(port,
		get('/large', `Accept-Encoding: gzip\r\nIf-None-Match: ${packed.headers.etag}\r\n`))).answers[0];
	assert.equal(again.status, 304);
	assert.equal(again.body, '');
});

test('serves_while_a_thousand_connections_idle', async () => {
	const idle = await Promise.all(Array.from({ length: 1000 }, (_, i) => connect(port, { localAddress: `127.0.0.${2 + i % 2}` })));
	for (let i = 0; i < 20; i++)
		assert.equal((await fetch(`${url}/ok`)).status, 200);
	assert.ok(idle.every((c) => !c.isClosed));
	idle.forEach((c) => c.end());
});

test('bounds_the_connections_of_one_address', async () => {
	const many = await Promise.all(Array.from({ length: 620 }, () => connect(port, { localAddress: '127.0.0.3' })));
	const open = () => many.filter((c) => !c.isClosed).length;
	await many[0].until(() => open() <= 600);
	assert.ok(open() >= 590, `${open()} open`);
	assert.equal((await fetch(`${url}/ok`)).status, 200);
	many.forEach((c) => c.end());
});

test('answers_503_at_once_when_the_queue_is_full', async () => {
	let served = 0;
	const answers = await Promise.all(Array.from({ length: 12 }, async () => {
		const answer = await fetch(`${url}/slow?ms=2500`); // 2 at work, 4 waiting, 6 too many
		served += answer.status === 200;
		return { answer, before: served };
	}));
	const refused = answers.filter(({ answer }) => answer.status === 503);
	// Two more when the executors have not yet taken what they could.
	assert.ok(refused.length >= 6 && refused.length <= 8, `${refused.length} refused`);
	for (const { answer, before } of refused) {
		assert.equal(before, 0, 'it waited for those at work');
		assert.ok(Number(answer.headers.get('retry-after')) >= 1);
		await assertProblem(answer, 503);
	}
	assert.equal(answers.filter(({ answer }) => answer.status === 200).length, 12 - refused.length);
	assert.equal((await fetch(`${url}/ok`)).status, 200);
});

test('gives_each_request_its_own_id_and_a_line_in_the_log', async () => {
	const ids = new Set();
	for (let i = 0; i < 5; i++)
		ids.add((await fetch(`${url}/box?level=a%0Ab`)).headers.get('x-request-id'));
	assert.equal(ids.size, 5);
	await sleep(100);
	for (const id of ids)
		assert.match(server.log, new RegExp(
			`info request id=${id} client=127\\.0\\.0\\.1 method=GET uri="/box\\?level=a%0Ab" status=200 bytes=\\d+ ms=[\\d.]+\n`));
});

test('says_so_when_the_port_is_taken', async () => {
	await assert.rejects(startServer(program, [path.join(folder, 'web'), String(port)]),
		new RegExp(`le port ${port} est déjà pris sur 127\\.0\\.0\\.1`));
});

test('answers_what_was_begun_before_it_stops', async () => {
	const other = await start();
	const slow = [1, 2, 3].map(() => fetch(`${other.url}/slow?ms=1000`));
	const idle = await connect(other.port);
	await sleep(500);
	const begun = Date.now();
	const stopped = other.stop();
	await sleep(300);
	await assert.rejects(fetch(`${other.url}/ok`), 'it still took new connections');
	for (const s of await Promise.all(slow)) {
		assert.equal(s.status, 200);
		assert.equal(s.headers.get('connection'), 'close');
		assert.deepEqual(await s.json(), { status: 'ok' });
	}
	assert.equal(await stopped, 0);
	assert.ok(Date.now() - begun < 5000, 'an idle connection held the stop'); // it may stay for six seconds
	assert.match(other.log, /stopped/);
	idle.end();
});

test('stops_within_seconds_though_handlers_are_stuck', async () => {
	const other = await start();
	const slow = [1, 2, 3, 4].map(() => fetch(`${other.url}/slow?ms=7000`).catch(() => null));
	await sleep(200);
	const begun = Date.now();
	assert.equal(await other.stop(), 0);
	assert.ok(Date.now() - begun < 13000); // the handlers would take fourteen
	await Promise.all(slow);
});

test('leaves_nothing_behind_under_the_sanitizers', async () => {
	assert.equal(await server.stop(), 0);
	assert.doesNotMatch(server.log, /Sanitizer|runtime error|WARNING: Thread/);
});

await runAll('transport');
