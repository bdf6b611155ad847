"""A client in another language, written from proto/PROTOCOL.md alone: CURVE, commands, queries, following with credit,
resuming, the hash chain, every error code, chained commands and letters. Needs Debian's python3-zmq and
python3-msgpack, and libsodium itself."""

import ctypes
import ctypes.util
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

import msgpack
import zmq
import zmq.utils.z85

PARROTD = sys.argv.pop() if len(sys.argv) > 1 and not sys.argv[-1].startswith('-') else 'parrotd'
ZERO = bytes(16)
WAIT_MS = 10000


def uuid7(ms=None):
    """48 bits of milliseconds, version 7, variant 2, the rest random."""
    ms = int(time.time() * 1000) if ms is None else ms
    number = ms << 80 | int.from_bytes(os.urandom(10), 'big')
    number = number & ~(0xf << 76) | 7 << 76
    number = number & ~(3 << 62) | 2 << 62
    return number.to_bytes(16, 'big')


def blake2b(first, second):
    return hashlib.blake2b(first + second, digest_size=32).digest()


def unpack(data):
    return msgpack.unpackb(data, raw=False, timestamp=1, strict_map_key=False)


SODIUM = ctypes.CDLL(ctypes.util.find_library('sodium') or 'libsodium.so.23')
assert SODIUM.sodium_init() >= 0


def z85(text):
    return zmq.utils.z85.decode(text)


class Box:
    """crypto_box between two keys as CURVE has them."""

    def __init__(self, public, secret):
        self.shared = ctypes.create_string_buffer(32)
        assert SODIUM.crypto_box_beforenm(self.shared, z85(public), z85(secret)) == 0

    def seal(self, kind, message):
        plain, nonce = msgpack.packb(message), kind + os.urandom(16)
        box = ctypes.create_string_buffer(len(plain) + 16)
        assert SODIUM.crypto_box_easy_afternm(box, plain, ctypes.c_ulonglong(len(plain)), nonce, self.shared) == 0
        return {'nonce': nonce, 'box': box.raw}

    def open(self, kind, sealed):
        assert sealed['nonce'][:8] == kind
        plain = ctypes.create_string_buffer(len(sealed['box']) - 16)
        assert SODIUM.crypto_box_open_easy_afternm(plain, sealed['box'], ctypes.c_ulonglong(len(sealed['box'])),
                                                   sealed['nonce'], self.shared) == 0
        return unpack(plain.raw)


class Client:
    """A DEALER without a routing id; two frames a message."""

    def __init__(self, nest, name, curve=True):
        self.socket = nest.zmq.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.sndtimeo = self.socket.rcvtimeo = WAIT_MS
        self.socket.sndhwm = self.socket.rcvhwm = 20000
        if curve:
            self.socket.curve_publickey, self.socket.curve_secretkey = nest.key[name]
            self.socket.curve_serverkey = nest.key['parrot'][0]
        self.socket.connect(nest.endpoint)
        self.id = 0
        nest.clients.append(self)

    def send(self, kind, body=None, frames=None, **header):
        header = {'version': 1, 'kind': kind, **header}
        if 'id' not in header:
            self.id += 1
            header['id'] = self.id
        self.socket.send_multipart(frames or [msgpack.packb(header), msgpack.packb(body or {})])
        return header['id']

    def receive(self, ms=WAIT_MS):
        if not self.socket.poll(ms):
            return None, None
        header, body = self.socket.recv_multipart()
        return unpack(header), unpack(body)

    def ask(self, method, body=None, **header):
        wanted = self.send('request', body, method=method, **header)
        while True:
            header, body = self.receive()
            assert header is not None, 'no answer to ' + method
            if header['id'] == wanted:
                return header, body

    def say(self, text='word', command=None, **body):
        return self.ask('parrot.word.say', {'text': text, **body}, command=command or uuid7())

    def close(self):
        self.socket.close()


class Nest:
    """A directory with keys and a configuration, and a daemon in it."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix='rsnms-interop-')
        self.zmq = zmq.Context()
        self.clients = []
        self.key, self.who = {}, {}
        os.mkdir(self.dir + '/keys', 0o700)
        rows = ['principals:']
        for name, role in (('parrot', 'service'), ('node', 'service'), ('operator', 'operator'), ('stranger', None)):
            public, secret = zmq.curve_keypair()
            self.key[name] = (public, secret)
            self.who[name] = who = uuid.uuid4()
            if name == 'parrot':
                path = self.dir + '/keys/parrot.secret'
                with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), 'w') as out:
                    out.write(f'id: {who}\npublic_key: "{public.decode()}"\nsecret_key: "{secret.decode()}"\n')
            if role is not None:
                rows.append(f'  - {{id: {who}, name: {name}, role: {role}, public_key: "{public.decode()}", all: true}}')
        with open(self.dir + '/keys/principals.yaml', 'w') as out:
            out.write('\n'.join(rows) + '\n')
        with open(self.dir + '/rsnms.yaml', 'w') as out:
            out.write('region: 018f0000-0000-7000-8000-000000000001\ndata: data\nkeys: keys\nrun: run\nreserve_mb: 1\n'
                      'log: error\nservices:\n  - name: parrot\n    listen: tcp://127.0.0.1:*\n')
        self.start()

    def start(self):
        where = self.dir + '/run/parrot.endpoint'
        if os.path.exists(where):
            os.unlink(where)
        self.daemon = subprocess.Popen([PARROTD, '--config', self.dir + '/rsnms.yaml'])
        for _ in range(1000):
            if os.path.exists(where):
                break
            time.sleep(0.01)
        with open(where) as file:
            self.endpoint = file.read().strip()

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        return self.daemon.wait(20)

    def close(self):
        for client in self.clients:
            client.close()
        self.zmq.destroy(0)
        code = self.stop()
        shutil.rmtree(self.dir)
        return code


class Protocol(unittest.TestCase):
    def setUp(self):
        self.nest = Nest()
        self.node = Client(self.nest, 'node')

    def tearDown(self):
        self.assertEqual(self.nest.close(), 0)

    def assert_problem(self, answer, code, reason=None):
        header, body = answer
        self.assertEqual(header['kind'], 'error')
        self.assertEqual(body['code'], code)
        if reason is not None:
            self.assertEqual(body['reason'], reason)

    # ── requests ────────────────────────────────────────────────────────────

    def test_a_command_is_done_once_and_says_where(self):
        command = uuid7()
        first, body = self.node.say('hello', command, times=3)
        self.assertEqual((first['kind'], body), ('reply', {'count': 3}))
        again, body = self.node.say('hello', command, times=3)
        self.assertEqual((again['position'], body), (first['position'], {'count': 3}))
        self.assertEqual(first['position']['number'], 3)
        header, body = self.node.ask('parrot.word.count', after=[first['position']])
        self.assertEqual(body, {'count': 3})
        self.assert_problem(self.node.say('other', command), 'conflict', 'command_id_reused')

    def test_bytes_of_the_example(self):
        self.node.say(times=2)
        self.node.socket.send_multipart([
            bytes.fromhex('84a776657273696f6e01a46b696e64a772657175657374a2696407'
                          'a66d6574686f64b1706172726f742e776f72642e636f756e74'), b'\x80'])
        self.assertEqual(self.node.socket.recv_multipart(), [
            bytes.fromhex('83a776657273696f6e01a46b696e64a57265706c79a2696407'), bytes.fromhex('81a5636f756e7402')])

    def test_many_requests_are_under_way_at_once(self):
        wanted = {self.node.send('request', {'text': 'w'}, method='parrot.word.say', command=uuid7()) for _ in range(2000)}
        while wanted:
            header, _ = self.node.receive()
            self.assertEqual(header['kind'], 'reply')
            wanted.remove(header['id'])
        self.assertEqual(self.node.ask('parrot.word.count')[1], {'count': 2000})

    def test_only_known_keys_over_curve_get_in(self):
        for stranger in (Client(self.nest, 'stranger'), Client(self.nest, 'node', curve=False)):
            try:                                    # a refused connection may be gone before anything is sent
                stranger.send('request', method='parrot.word.count')
            except zmq.Again:
                pass
            self.assertEqual(stranger.receive(700), (None, None))

    # ── every error code ────────────────────────────────────────────────────

    def test_invalid(self):
        self.assert_problem(self.node.ask('parrot.word.say', {'text': 'x'}), 'invalid', 'no_command_id')
        header, body = self.node.say('x' * 8001)
        self.assert_problem((header, body), 'invalid')
        self.assertEqual(body['fields'], [{'path': 'text', 'rule': 'too_long', 'limit': 8000}])
        header, body = self.node.ask('parrot.word.say', {'text': 'x', 'colour': 'red'}, command=uuid7())
        self.assert_problem((header, body), 'invalid')
        self.assertEqual([(f['path'], f['rule']) for f in body['fields']], [('colour', 'unknown')])
        header, body = self.node.ask('parrot.no.such')
        self.assert_problem((header, body), 'invalid', 'unknown_method')
        self.assertEqual([(f['path'], f['rule']) for f in body['fields']], [('method', 'unknown')])
        self.node.send('request', frames=[b'\xc1', b'\x80'])
        header, body = self.node.receive()
        self.assertEqual((header['id'], body['code'], body['reason']), (0, 'invalid', 'bad_header'))
        self.assert_problem(self.node.ask('parrot.word.count', version=2), 'invalid', 'protocol_version')
        self.node.send('request', frames=[b'\x80'])
        self.node.send('request', frames=[b'\x80'] * 7)
        self.assertEqual(self.node.receive(300), (None, None))      # thrown away without an answer

    def test_not_found(self):
        self.assert_problem(self.node.ask('parrot.word.get', {'text': 'never'}), 'not_found', 'never_said')

    def test_conflict_is_a_verdict_and_kept(self):
        command = uuid7()
        first = self.node.say('no', command)
        self.assert_problem(first, 'conflict', 'will_not')
        self.assertEqual(self.node.say('no', command)[0]['position'], first[0]['position'])

    def test_denied(self):
        operator = Client(self.nest, 'operator')
        self.assert_problem(operator.say(), 'denied', 'role')
        self.assert_problem(self.node.ask('parrot.word.count', actor=uuid7()), 'denied', 'actor')

    def test_too_large(self):
        self.assert_problem(self.node.ask('parrot.word.repeat', {'bytes': 300000}), 'too_large')

    def test_busy(self):
        position = self.node.say()[0]['position']
        header, body = self.node.ask('parrot.word.count', after=[{**position, 'number': position['number'] + 1}])
        self.assert_problem((header, body), 'busy', 'behind')
        self.assertGreater(body['retry_after_ms'], 0)
        self.node.send('request', {'text': 'slow', 'slow_ms': 1500}, method='parrot.word.say', command=uuid7())
        for _ in range(4500):
            self.node.send('request', {'text': 'w'}, method='parrot.word.say', command=uuid7())
        answers = [self.node.receive(20000) for _ in range(4501)]
        busy = [body for header, body in answers if header['kind'] == 'error']
        self.assertGreaterEqual(len(busy), 400)
        self.assertEqual({(body['code'], body['reason']) for body in busy}, {('busy', 'queue_full')})

    def test_unavailable(self):
        operator = Client(self.nest, 'operator')
        self.assert_problem(operator.ask('parrot.store.backup', {'dir': 'x'}), 'unavailable', 'no_backup_directory')
        self.node.send('request', {'text': 'slow', 'slow_ms': 1000}, method='parrot.word.say', command=uuid7())
        time.sleep(0.2)
        self.nest.daemon.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        self.assert_problem(operator.ask('parrot.word.count'), 'unavailable', 'stopping')
        self.assertEqual(self.node.receive()[0]['kind'], 'reply')

    def test_deadline(self):
        self.node.send('request', {'text': 'slow', 'slow_ms': 500}, method='parrot.word.say', command=uuid7())
        time.sleep(0.1)
        late = uuid7()
        self.assert_problem(self.node.ask('parrot.word.say', {'text': 'late'}, command=late, deadline_ms=50), 'deadline')
        self.assertEqual(self.node.say('late', late)[0]['kind'], 'reply')       # no verdict: the same id may be used

    def test_expired(self):
        old = uuid7(int((time.time() - 401 * 86400) * 1000))
        self.assert_problem(self.node.say(command=old), 'expired')

    def test_internal(self):
        self.assert_problem(self.node.say('crash'), 'internal')
        self.assertEqual(self.node.say()[1], {'count': 1})

    # ── following ───────────────────────────────────────────────────────────

    def start_cursor(self):
        return {'journal': ZERO, 'incarnation': ZERO, 'epoch': 0, 'number': 0, 'hash': b''}

    def follow(self, client, cursor, entries, size, **body):
        return client.send('follow', {'cursor': cursor, 'entries': entries, 'bytes': size, **body}, method='parrot')

    def take(self, client, following, cursor, until, credit=True):
        """Entries until `until` is examined; checks order, credit and the chain."""
        taken = []
        while cursor['number'] < until:
            header, body = client.receive(5000)
            self.assertEqual((header['kind'], header['id']), ('entries', following))
            self.assertEqual(body['from']['number'], cursor['number'])
            self.assertEqual(body['from']['hash'], cursor['hash'])
            examined = body['examined']
            chain = cursor['hash'] or examined['journal']
            for fed in body.get('list', []):
                chain = blake2b(chain, fed['stored'])
                taken.append(unpack(fed['stored']))
            if body.get('list'):
                self.assertEqual(chain, examined['hash'])
            self.assertEqual(header.get('entries', 0), len(body.get('list', [])))
            cursor = examined
            if credit and header.get('entries'):
                client.send('credit', {'entries': header['entries'], 'bytes': header['bytes']}, id=following)
        return taken, cursor

    def test_a_journal_is_followed_with_credit_and_its_chain_holds(self):
        for _ in range(30):
            self.node.say('word', times=4)
        self.node.say('no')
        following = self.follow(self.node, self.start_cursor(), 16, 100000)
        taken, cursor = self.take(self.node, following, self.start_cursor(), 121)
        self.assertEqual([entry['number'] for entry in taken], list(range(1, 122)))
        self.assertEqual([entry['group'] for entry in taken[:8]], [1, 1, 1, 1, 5, 5, 5, 5])
        self.assertEqual([entry.get('last', False) for entry in taken[:4]], [False, False, False, True])
        self.assertEqual({entry['event'] for entry in taken}, {'parrot.word.said', 'refused'})
        self.assertEqual(unpack(taken[0]['body']), {'text': 'word'})
        self.assertEqual(unpack(taken[3]['reply']), {'count': 4})
        self.assertEqual(unpack(taken[120]['reply'])['reason'], 'will_not')
        self.node.say('later')                      # a follower at the head hears of what is new
        taken, cursor = self.take(self.node, following, cursor, 122)
        self.assertEqual(len(taken), 1)

    def test_no_more_than_the_credit_comes(self):
        for _ in range(30):
            self.node.say('word')
        following = self.follow(self.node, self.start_cursor(), 10, 100000)
        taken, _ = self.take(self.node, following, self.start_cursor(), 10, credit=False)
        self.assertEqual(len(taken), 10)
        self.assertEqual(self.node.receive(500), (None, None))

    def test_it_goes_on_from_a_cursor_also_after_a_restart(self):
        for _ in range(10):
            self.node.say('word')
        following = self.follow(self.node, self.start_cursor(), 100, 100000)
        _, cursor = self.take(self.node, following, self.start_cursor(), 10)
        for _ in range(5):
            self.node.say('word')
        self.assertEqual(self.nest.stop(), 0)
        self.nest.start()
        again = Client(self.nest, 'node')
        again.send('ping', id=following)
        self.assert_problem(again.receive(), 'not_found', 'not_following')
        following = self.follow(again, cursor, 100, 100000)
        taken, cursor = self.take(again, following, cursor, 15)
        self.assertEqual([entry['number'] for entry in taken], [11, 12, 13, 14, 15])
        again.send('ping', id=following)
        self.assertEqual(again.receive()[0]['kind'], 'pong')
        again.send('credit', {'entries': 0, 'bytes': 0}, id=following)
        again.send('ping', id=following)
        self.assert_problem(again.receive(), 'not_found', 'not_following')
        again.send('ping', id=0)
        self.assertEqual(again.receive()[0]['kind'], 'pong')

    def test_it_begins_where_it_is_told_and_never_inside_a_group(self):
        self.node.say('word', times=4)
        self.node.say('word', times=3)
        for number, before in ((1, 0), (3, 0), (5, 4), (7, 4)):
            header, cursor = self.node.ask('parrot.journal.cursor', {'number': number})
            self.assertEqual((header['kind'], cursor['number']), ('reply', before))
            following = self.follow(self.node, cursor, 100, 100000)
            taken, _ = self.take(self.node, following, cursor, 7)
            self.assertEqual(taken[0]['number'], before + 1)
            self.node.send('credit', {'entries': 0, 'bytes': 0}, id=following)
        self.assert_problem(self.node.ask('parrot.journal.cursor', {'number': 8}), 'not_found', 'no_such_entry')

    def test_prefixes_leave_out_entries_but_the_cursor_moves(self):
        self.node.say('word')
        self.node.say('no')
        following = self.follow(self.node, self.start_cursor(), 100, 100000, prefixes=['refused'])
        cursor, events = self.start_cursor(), []
        while cursor['number'] < 2:
            header, body = self.node.receive()
            events += [unpack(fed['stored'])['event'] for fed in body.get('list', [])]
            cursor = body['examined']
        self.assertEqual(events, ['refused'])

    def test_fork(self):
        self.node.say('word')
        following = self.follow(self.node, self.start_cursor(), 100, 100000)
        _, cursor = self.take(self.node, following, self.start_cursor(), 1)
        for other in ({**cursor, 'hash': bytes(32)}, {**cursor, 'number': 77}, {**cursor, 'journal': uuid7()}):
            following = self.follow(self.node, other, 100, 100000)
            while True:
                answer = self.node.receive()
                if answer[0]['id'] == following:
                    break
            self.assert_problem(answer, 'fork')

    def test_who_may_not_follow_and_what_is_not_there(self):
        operator = Client(self.nest, 'operator')
        self.follow(operator, self.start_cursor(), 10, 10000)
        self.assert_problem(operator.receive(), 'denied', 'role')
        self.node.send('follow', {'cursor': self.start_cursor(), 'entries': 1, 'bytes': 1}, method='owl')
        self.assert_problem(self.node.receive(), 'not_found', 'no_such_stream')

    # ── chained commands ────────────────────────────────────────────────────

    def chained(self, lane, previous, command=None, text='word', client=None):
        command = command or uuid7()
        header = {'lane': lane, **({'previous': previous} if previous else {})}
        return command, (client or self.node).ask('parrot.word.say', {'text': text}, command=command, **header)

    def check(self, lane):
        return self.node.ask('parrot.sender.check', {'lane': lane})[1]

    def test_a_chain_keeps_its_order_whatever_comes_first(self):
        lane, ids = uuid7(), [uuid7() for _ in range(6)]
        self.assertEqual(self.check(lane)['state'], 'unknown')
        self.assert_problem(self.chained(lane, ids[0], ids[1])[1], 'busy', 'predecessor_missing')
        for at in (0, 1):
            self.assertEqual(self.chained(lane, ids[at - 1] if at else None, ids[at])[1][0]['kind'], 'reply')
        header, body = self.chained(lane, ids[2], ids[3])[1]
        self.assert_problem((header, body), 'busy', 'predecessor_missing')
        self.assertGreater(body['retry_after_ms'], 0)
        self.assertNotIn('position', header)
        refused = self.chained(lane, ids[1], ids[2], text='no')[1]
        self.assert_problem(refused, 'conflict', 'will_not')            # a refusal is a step
        self.assertIn('position', refused[0])
        self.assertEqual(self.chained(lane, ids[2], ids[3])[1][1], {'count': 3})
        self.assertEqual(self.chained(lane, ids[2], ids[3])[1][1], {'count': 3})     # known: the old answer
        denied = Client(self.nest, 'operator')
        self.assert_problem(self.chained(lane, None, client=denied)[1], 'denied', 'role')
        self.assert_problem(self.chained(lane, ids[3], ids[4], text='crash')[1], 'internal')     # no step: it is left out
        self.assertEqual(self.chained(lane, ids[3], ids[5])[1][0]['kind'], 'reply')
        standing = self.check(lane)
        self.assertEqual((standing['state'], standing['head'], standing['live_lane']), ('live', ids[5], lane))

    def test_a_copy_is_refused_held_and_taken(self):
        operator = Client(self.nest, 'operator')
        lane, held = uuid7(), uuid7()
        first, _ = self.chained(lane, None)
        second, _ = self.chained(lane, first)
        third, fourth = uuid7(), uuid7()
        self.assert_problem(self.chained(lane, first, third)[1], 'fork', 'second_copy')
        self.assert_problem(self.chained(held, None, third)[1], 'fork', 'second_copy')
        header, standing = self.node.ask('parrot.sender.hold', {
            'lane': held, 'after': first, 'last': fourth, 'count': 2,
            'list': [{'method': 'parrot.word.say', 'count': 2}]}, command=uuid7())
        self.assertEqual((standing['state'], standing['live_lane']), ('held', lane))
        self.assert_problem(self.chained(held, first, third)[1], 'fork', 'second_copy')
        rows = operator.ask('parrot.sender.list')[1]['list']
        self.assertEqual({row['lane']: row['state'] for row in rows}, {lane: 'live', held: 'held'})
        accept = {'principal': self.nest.who['node'].bytes, 'lane': held, 'how': 'take'}
        word = uuid7()
        answer = operator.ask('parrot.sender.accept', accept, command=word)
        self.assertEqual(answer[0]['kind'], 'reply')
        self.assertEqual(operator.ask('parrot.sender.accept', accept, command=word)[0]['position'], answer[0]['position'])
        self.assertEqual(self.chained(held, first, third)[1][0]['kind'], 'reply')
        self.assertEqual(self.chained(held, third, fourth)[1][0]['kind'], 'reply')
        self.assert_problem(self.chained(held, fourth)[1], 'fork', 'second_copy')
        self.assertEqual(self.check(held)['state'], 'closed')
        self.assertEqual(self.chained(lane, second)[1][0]['kind'], 'reply')
        self.assertEqual(operator.ask('parrot.service.status')[1]['second_copies'], 4)

    # ── letters ─────────────────────────────────────────────────────────────

    def test_a_letter_is_brought_and_its_answer_taken_back(self):
        operator, service = Client(self.nest, 'operator'), self.nest.key['parrot'][0]
        box, lane, command = Box(service, self.nest.key['node'][1]), uuid7(), uuid7()

        def bring(letter, sealer=box, kind=b'RSNMSLTR', name='node'):
            return operator.ask('parrot.letter.deliver', {'principal': self.nest.who[name].bytes, **sealer.seal(kind, letter)})

        letter = {'service': 'parrot', 'method': 'parrot.word.say', 'command': command, 'lane': lane,
                  'body': msgpack.packb({'text': 'by letter', 'times': 2})}
        header, delivered = bring(letter)
        self.assertEqual((header['kind'], delivered['outcome']), ('reply', 'reply'))
        answer = box.open(b'RSNMSANS', delivered)
        self.assertEqual((answer['command'], answer['outcome'], unpack(answer['body'])), (command, 'reply', {'count': 2}))
        again = box.open(b'RSNMSANS', bring(letter)[1])                  # the stick comes twice
        self.assertEqual(again, answer)
        self.assertEqual(self.chained(lane, command)[1][1], {'count': 3})       # the link is back: the chain goes on
        header, delivered = bring({**letter, 'command': uuid7()})
        self.assertEqual((delivered['outcome'], delivered['code'], delivered['reason']), ('problem', 'fork', 'second_copy'))
        self.assertEqual(unpack(box.open(b'RSNMSANS', delivered)['body'])['reason'], 'second_copy')
        header, delivered = bring({'service': 'parrot', 'method': 'parrot.word.count'})
        self.assertEqual(unpack(box.open(b'RSNMSANS', delivered)['body']), {'count': 3})
        self.assert_problem(bring({**letter, 'lane': lane, 'previous': uuid7(), 'command': uuid7()}), 'busy', 'predecessor_missing')
        self.assert_problem(bring({**letter, 'service': 'echo'}), 'invalid', 'letter_elsewhere')
        stranger = Box(service, self.nest.key['stranger'][1])
        for unread in (bring(letter, stranger), bring(letter, stranger, name='stranger'), bring(letter, kind=b'RSNMSANS')):
            self.assert_problem(unread, 'denied', 'letter_unreadable')
        self.assert_problem(self.node.ask('parrot.letter.deliver', {
            'principal': self.nest.who['node'].bytes, **box.seal(b'RSNMSLTR', letter)}), 'denied', 'role')

    # ── what every service has ──────────────────────────────────────────────

    def test_status_and_metrics(self):
        self.node.say(times=5)
        operator = Client(self.nest, 'operator')
        header, status = operator.ask('parrot.service.status')
        self.assertEqual((status['name'], status['head'], status['applied']), ('parrot', 5, 5))
        self.assertEqual(status['region'], uuid.UUID('018f0000-0000-7000-8000-000000000001').bytes)
        header, metrics = operator.ask('parrot.service.metrics')
        self.assertIn('rsnms_head 5', metrics['text'])


if __name__ == '__main__':
    unittest.main(verbosity=1)
