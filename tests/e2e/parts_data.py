"""parts_data - the ledger of parts against answers.json and against the table it came from; run by parts_data.sh.

Every key of answers.json is compared; a new key fails. Prices are pounds there and fen here, cent for cent."""
import collections
import csv
import decimal
import gzip
import json
import sys
from figures import Comparison

STORE = "STORE"  # who holds what went to nobody in particular


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def fen(text):
    return int(decimal.Decimal(text) * 100)


def yuan(n):
    return str(decimal.Decimal(n) / 100)


def summed(moves, key):
    out = collections.Counter()
    for m in moves:
        out[m[key]] += m["qty"]
    return out


def accounts_of(rows):
    """What the table leaves where, by (place, holder, part): pieces and fen."""
    qty, value = collections.Counter(), collections.Counter()
    for row in rows:
        n, price = int(row["Quantity"]), fen(row["UnitPrice"])
        part, store = row["StockCode"], ("store", STORE)
        moved = n > 0 or row["InvoiceNo"].startswith("C")
        to = ("hand", row["CustomerID"] or STORE) if moved else ("difference", STORE)
        n = n if moved else -n  # what is missing has left the store, too
        for (place, holder), sign in ((store, -1), (to, 1)):
            qty[place, holder, part] += sign * n
            value[place, holder, part] += sign * n * price
    return {k: (qty[k], value[k]) for k in qty if qty[k] or value[k]}


def accounts(listed):
    return {(b["place"], b["holder"], b["part_no"]): (b["qty"], fen(b["value"])) for b in listed}


def compare_accounts(check, name, got, wanted):
    """A sentence for the first ones that differ, and one figure for all."""
    differ = sorted(k for k in got.keys() | wanted.keys() if got.get(k) != wanted.get(k))
    for k in differ[:5]:
        print(f"{name} {k}: got {got.get(k)}, wanted {wanted.get(k)}")
    check.equal(f"{name}, which differ", len(differ), 0)
    check.equal(f"{name}, how many", len(got), len(wanted))


def compare_figures(check, known, moves, returned):
    issues = [m for m in moves if (m["from"], m["to"]) == ("store", "hand")]
    returns = [m for m in moves if (m["from"], m["to"]) == ("hand", "store")]
    adjusts = [m for m in moves if (m["from"], m["to"]) == ("store", "difference")]
    seen = set()

    def equal(name, got):
        seen.add(name)
        check.equal(name, got, known[name])

    def total(some, key):
        return sum(fen(m[key]) if key == "value" else m[key] for m in some)

    equal("lines", len(moves))
    check.equal("every move is one of the three", len(issues) + len(returns) + len(adjusts), len(moves))
    times = [m["at"][:19].replace("T", " ") for m in moves]  # London is at UTC in December
    equal("from", min(times))
    equal("to", max(times))
    equal("documents", len({m["doc_no"] for m in moves}))
    equal("issue_lines", len(issues))
    equal("issue_quantity", total(issues, "qty"))
    equal("issue_value", yuan(total(issues, "value")))
    equal("return_lines", len(returns))
    equal("return_documents", len({m["doc_no"] for m in returns}))
    equal("return_quantity", total(returns, "qty"))
    equal("return_value", yuan(-total(returns, "value")))
    equal("adjust_lines", len(adjusts))
    equal("adjust_quantity", total(adjusts, "qty"))
    equal("net_quantity", total(issues, "qty") - total(returns, "qty") - total(adjusts, "qty"))
    equal("net_value", yuan(total(issues, "value") - total(returns, "value") - total(adjusts, "value")))
    equal("part_codes", len({m["part_no"] for m in moves}))
    hands = [m["to_holder"] if m["to"] == "hand" else m["from_holder"] for m in issues + returns]
    equal("customers", len(set(hands) - {STORE}))
    equal("lines_without_customer", hands.count(STORE) + len(adjusts))
    equal("lines_price_zero", sum(fen(m["value"]) == 0 for m in moves))
    covered = collections.Counter()
    for r in returned:
        n = r.get("covered", 0)
        covered["no_customer" if "brought_by" not in r else
                "fully" if n == r["qty"] else "partly" if n else "not"] += 1
    equal("returns_matched_to_earlier_issue_same_customer_part", dict(covered))
    for name, some in (("top_returned_parts", returns), ("top_issued_parts", issues)):
        sums = summed(some, "part_no")
        equal(name, [[p, sums[p]] for p, _ in known[name]])
        check.equal(f"{name}: nobody above", sorted(sums.values(), reverse=True)[:len(known[name])],
                    [n for _, n in known[name]])
    days = collections.Counter(m["day"] for m in issues)
    equal("issue_lines_by_day_top", [list(x) for x in days.most_common(len(known["issue_lines_by_day_top"]))])
    check.equal("keys", sorted(seen), sorted(known))


def main(data, work):
    known = load(f"{data}/answers.json")["parts-ledger"]
    with open(f"{work}/returns", encoding="utf-8") as f:
        returned = [json.loads(line)["data"] for line in f]
    with gzip.open(f"{data}/parts-ledger/lines.csv.gz", "rt", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    check = Comparison()
    compare_figures(check, known, load(f"{work}/moves"), returned)
    lines = load(f"{work}/lines")
    check.equal("lines of documents", len(lines), len(rows))
    numbers = collections.Counter()
    wanted = []
    for row in rows:
        numbers[row["InvoiceNo"]] += 1
        count = int(row["Quantity"]) < 0 and not row["InvoiceNo"].startswith("C")
        wanted.append((row["InvoiceNo"], 1 if count else numbers[row["InvoiceNo"]], row["StockCode"],
                       abs(int(row["Quantity"]))))
    got = collections.Counter((x["doc_no"], x["line"], x["part_no"], x["issued"]) for x in lines)
    check.equal("lines that are in the table, also those that repeat", (got & collections.Counter(wanted)).total(),
                len(wanted))
    compare_accounts(check, "accounts", accounts(load(f"{work}/balances")), accounts_of(rows))
    compare_accounts(check, "accounts of the first day", accounts(load(f"{work}/first_day")),
                     accounts_of(r for r in rows if r["InvoiceDate"] < "2010-12-02"))
    check.finish("parts-ledger")


main(*sys.argv[1:])
