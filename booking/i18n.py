"""Dates, times and sentences as people here read them. Japanese first."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from slots.limits import Limit

WEEKDAYS = "月火水木金土日"
ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def era_year(day: date) -> str:
    """The year of `day` in its era: 令和6年, 令和元年."""
    for begun, name in ERAS:
        if day >= begun:
            year = day.year - begun.year + 1
            return f"{name}{'元' if year == 1 else year}年"
    return f"{day.year}年"


def era_date(day: date, *, weekday: bool = True) -> str:
    """令和6年4月20日（土）. `day` is a calendar day in the desk's zone."""
    text = f"{era_year(day)}{day.month}月{day.day}日"
    return f"{text}（{WEEKDAYS[day.weekday()]}）" if weekday else text


def short_date(day: date) -> str:
    """4月20日（土）."""
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def clock_time(at: datetime) -> str:
    """午前9時, 午後1時30分, 正午. `at` must already be in the desk's zone.

    Noon's half hour is 午後0時30分: 午後12時30分 is read as midnight by some.
    """
    if at.hour == 12 and at.minute == 0:
        return "正午"
    half = "午前" if at.hour < 12 else "午後"
    hour = at.hour if at.hour < 12 else at.hour - 12
    return f"{half}{hour}時{at.minute}分" if at.minute else f"{half}{hour}時"


def time_span(start: datetime, end: datetime) -> str:
    """午前9時から正午まで. Both must already be in the desk's zone."""
    return f"{clock_time(start)}から{clock_time(end)}まで"


def time_spans(blocks: Iterable[tuple[datetime, datetime]]) -> str:
    """The same for a day with breaks: 午前10時から正午まで、午後1時から午後3時まで."""
    return "、".join(time_span(start, end) for start, end in blocks)


SENTENCES: Mapping[str, str] = {
    "of.required": "何のカレンダーかを選んでください。窓口か、担当表にある人です。",
    "label.too-long": "カレンダーの名前は60文字までで入力してください。",
    "name.required": "お名前を入力してください。",
    "name.too-long": "お名前は100文字までで入力してください。",
    "kana.required": "ふりがなを入力してください。",
    "kana.not-kana": "ふりがなは、ひらがなで入力してください（例：やまだ はなこ）。",
    "kana.too-long": "ふりがなは100文字までで入力してください。",
    "phone.required": "電話番号を入力してください。",
    "phone.not-a-number": "電話番号を市外局番から入力してください（例：090-1234-5678）。",
    "residence.required": "お住まいの市区町村を入力してください（例：○○市○○町）。",
    "residence.too-long": "お住まいは200文字までで入力してください。",
    "age.required": "年齢を数字で入力してください（例：35）。",
    "age.not-an-age": "年齢は0から130までの数字で入力してください（例：35）。",
    "email.not-an-address": "メールアドレスの形を確かめてください（例：hanako@example.jp）。",
    "email.wished": "メールでのご連絡をご希望のときは、メールアドレスを入力してください。",
    "contact_wish.unknown": "ご連絡の方法を選び直してください（line、mail、sms、letter、call のどれか）。",
    "contact_wish.not-used": "この窓口からは、{wish}ではご連絡していません。"
    "選べる方法は、{offered}です。",
    "contact_wish.no-mobile": "ショートメッセージ（SMS）は、携帯電話の番号にだけ届きます。"
    "携帯電話の番号を入力するか、ほかの方法を選んでください。",
    "contact_wish.says-who": "ショートメッセージ（SMS）と手紙には、窓口の名前が出ます。"
    "名乗らないほうがよいときは、ほかの方法を選んでください。",
    "voicemail.yes-or-no": "留守番電話への伝言は、yes か no で答えてください。",
    "named.yes-or-no": "電話で名乗ってよいかは、yes か no で答えてください。",
    "safe_hours.unknown": "お電話の時間帯は、いつでもよい・午前・午後・夜間、から選んでください。",
    "never_mail.yes-or-no": "メールを送らないでほしいかは、yes か no で答えてください。",
    "never_mail.wished": "メールでのご連絡をご希望のときは、「メールは送らないでほしい」の印を外してください。",
    "postal_address.wished": "手紙でのご連絡をご希望のときは、手紙の宛先の住所を入力してください。",
    "postal_address.too-long": "手紙の宛先は200文字までで入力してください。",
    "party_size.not-a-count": "人数は1から10までの数字で入力してください。",
    "needs.too-long": "配慮してほしいことは500文字までで入力してください。",
    "language.too-long": "ことばは30文字までで入力してください。",
    "consultation.unknown": "この相談はありません。はじめから選び直してください。",
    "date.required": "ご希望の日を選んでください。",
    "date.not-a-date": "日付を選び直してください（例：2026-12-19）。",
    "slot.required": "時間を選んでください。",
    "slot.not-a-slot": "この時間の枠はありません。表示された時間から選んでください。",
    "slot.not-used": "この相談では時間枠を指定できません。ご希望の日を選んでください。",
    "wish.not-a-slot": "この時間の枠はありません。表示された時間から選ぶか「どの時間でもよい」を選んでください。",
    "wishes.required": "ご希望の日を1つ以上選んでください。",
    "wishes.or-time": "ご希望の日を1つ以上選ぶか、日時を決めてください。",
    "wishes.too-many": "ご希望は3つまで選べます。",
    "wishes.not-a-date": "ご希望の日付を選び直してください（例：2026-12-19）。",
    "wishes.time-of-day": "時間帯は、午前・午後・夜間・いつでもよい、から選んでください。",
    "wishes.closed": "窓口が開いていない日や時間帯です。ほかの日や時間帯を選んでください。",
    "wishes.twice": "同じご希望が2つあります。片方を別の日や時間帯にしてください。",
    "wishes.out-of-window": "この日は受け付けていません。選べる日の中から選んでください。",
    "tie.required": "この地域とのつながりを選んでください。分からないときは、いちばん下を選んでください。",
    "tie.unknown": "この地域とのつながりを選び直してください。",
    "referral.required": "相談員がお伝えした紹介コードを入力してください。",
    "referral.unknown": "この紹介コードは使えません。数字を確かめるか、相談員にお尋ねください。",
    "minutes.not-a-length": "長さは5から480までの分数で入力してください。",
    "place.too-long": "場所は200文字までで入力してください。",
    "reason.required": "理由を入力してください。",
    "reason.limit": "ご利用の回数の上限を超えます。受け付ける理由を入力してください。",
    "reason.too-long": "理由は500文字までで入力してください。",
    "how.required": "どのようにお伝えしたかを選んでください。",
    "how.unknown": "お伝えした方法は call、mail、letter、counter のどれかです。",
    "date.missing": "日付を入力してください（例：2026-12-19）。",
    "time.required": "時刻を入力してください（例：14:00）。",
    "time.not-a-time": "時刻を24時間で入力してください（例：14:00）。",
    "login.sign-in-refused": "ログインIDかパスワードが違います。入力し直すか、管理者に確かめてください。",
    "login.slow-down": "続けて失敗したため、しばらくログインできません。15分ほどたってから、もう一度お試しください。",
    "login.forged": "別の画面から送られたため、受け付けませんでした。この画面から入力し直してください。",
    "login.taken": "このログインIDは使われています。別のログインIDにしてください。",
    "password.too-short": "パスワードは10文字以上にしてください。",
    "role.unknown": "役割は viewer、staff、admin のどれかです。",
    "name.taken": "この名前の鍵はすでにあります。別の名前にしてください。",
    "query.required": "受付番号、電話番号、ふりがなのどれかを入力してください。",
    "query.unreadable": "受付番号は8桁の数字、電話番号は市外局番から、お名前はふりがなで入力してください。",
    "consultation.required": "相談を選んでください（例：shibukawa/lawyer/legal）。",
    "consultation.no-referral": "紹介コードを使う相談を選んでください。",
    "from.not-a-date": "始まりの日を 2026-12-19 の形で指定してください。",
    "to.not-a-date": "終わりの日を 2026-12-19 の形で指定してください。",
    "to.before-from": "終わりの日は、始まりの日以後にしてください。",
    "to.too-far": "一度に調べられるのは400日までです。期間を短くしてください。",
    "status.unknown": "状態は requested、confirmed、arrived、done、no_show、declined、"
    "cancelled_by_resident、cancelled_by_office のどれかです。",
    "after.unknown": "続きの目印にした受付番号が見つかりません。はじめから取り直してください。",
    "Idempotency-Key.not-a-key": "Idempotency-Key は200文字までの半角の英数字と記号にしてください。",
    "body.not-an-object": "本文は、項目をまとめたJSONのオブジェクトで送ってください。",
    "body.unknown-field": "使えない項目が含まれています。項目の名前を確かめてください。",
    "kind.unknown": "変更の種類はありません。使える種類を確かめてください。",
    "scope.unknown": "この窓口や相談はありません。shibukawa/lawyer/legal のような名前で指定してください。",
    "scope.consultation-needed": "この変更は相談ごとに行います。相談の名前まで指定してください。",
    "session.occupied": "この日にはすでに開催があります。その開催を変更してください。",
    "session.no-session": "この日に予定された開催はありません。はじめに予定されていた日を指定してください。",
    "who.not-serving": "この名前の担当者はいません。担当表の名前と同じ書き方で指定してください。",
    "to.past": "移す先の日は過ぎています。これからの日を指定してください。",
    "to.occupied": "移す先の日にはすでに開催があります。ほかの日を指定してください。",
    "file.required": "ファイルを選んでください（.ics か .csv）。",
    "file.too-big": "ファイルは5MBまでです。必要な期間だけを書き出してください。",
    "file.other-kind": "この種類のファイルは読み取れません（Excelのブック、PDF、ZIP、ウェブページなど）。"
    "Excelでは「CSV UTF-8」の形で保存し、ZIPは開いて、中の .ics を選んでください。",
    "file.too-long": "行が多すぎます。必要な期間だけを書き出してください。",
    "file.charset": "{line}行目：文字コードを読み取れません。UTF-8 か Shift_JIS で保存し直してください。",
    "file.not-text": "{line}行目：文字ではない内容があります。CSV か .ics の形で保存し直してください。",
    "file.no-date": "{line}行目：日付を読み取れません。"
    "2026-04-18、2026/4/18、令和8年4月18日、4月18日（土）のどれかの形で書いてください。見出しや説明の行は、消してください。",
    "file.short-year": "{line}行目：年が2桁です。2026/4/18 か 令和8年4月18日 のように書いてください。",
    "file.no-year": "{line}行目：年がありません。年度を入力するか、2026/4/18 のように年から書いてください。",
    "file.serial": "{line}行目：日付が5桁の数字になっています。"
    "Excelでセルの表示形式を「日付」にして、保存し直してください。",
    "file.no-such-day": "{line}行目：ない日付です。月と日を確かめてください。",
    "file.weekday": "{line}行目：日付と曜日が合いません。"
    "どちらが正しいかを確かめて、直してください。年のない日付は、年度も確かめてください。",
    "file.backwards": "{line}行目：終わりの日が、始まりの日より前です。直してください。",
    "file.times-backwards": "{line}行目：終わりの時刻は、始まりの時刻より後にしてください。",
    "file.no-time": "{line}行目：時間を読み取れません。9:00-12:00 か 午後1時～午後4時 のように、"
    "始まりと終わりを書いてください。終日のときは、時間を消してください。",
    "file.columns": "{line}行目：列が多すぎます。日付、終わりの日、時間、ことば、の順に書いてください。",
    "file.quotes": '{line}行目：引用符（"）が閉じていません。1件を1行で書いてください。',
    "file.far": "{line}行目：2099年より先の日付です。年を確かめてください。",
    "file.ics-line": "{line}行目：カレンダーの行として読み取れません。もう一度書き出してください。",
    "file.ics-outside": "{line}行目：BEGIN:VCALENDAR で始まっていません。.ics として書き出してください。",
    "file.ics-end": "{line}行目：{begun}行目で始まった部分の終わり（END）と合いません。もう一度書き出してください。",
    "file.ics-cut": "{line}行目：ファイルが途中で切れています。もう一度書き出してください。",
    "file.ics-time": "{line}行目：日時を読み取れません。予定の日時を確かめて、もう一度書き出してください。",
    "file.ics-zone": "{line}行目：知らない時間帯（TZID）です。日本時間で書き出してください。",
    "file.ics-kinds": "{line}行目：始まりと終わりの一方だけに時刻があります。予定の日時を直してください。",
    "file.ics-backwards": "{line}行目：終わりが始まりより前です。予定の日時を直してください。",
    "file.ics-no-start": "{line}行目：始まりの日時（DTSTART）がない予定です。予定の日時を直してください。",
    "file.ics-rule": "{line}行目：この繰り返しは読み取れません。1回ずつの予定にして、書き出してください。",
    "file.ics-events": "{line}行目：予定は{most}件までです。必要な期間だけを書き出してください。",
    "file.ics-rules": "{line}行目：繰り返しの予定は{most}件までです。必要な予定だけを書き出してください。",
    "file.more": "ほかに{count}件の誤りがあります。上の行から直してください。",
    "file.no-dates": "日付が1つもありません。1行に1つの日付を書くか、予定の入った .ics を選んでください。",
    "file.nothing-ahead": "これからの日付がありません。年を確かめてください。",
    "file.too-many": "一度に読み込めるのは{most}件までです。「いつまで」に日付を入れて、期間を分けてください。",
    "fiscal_year.not-a-year": "年度を西暦4桁で入力してください（例：2026）。",
    "start.for-days": "時刻の書いていない日があります。開催の始まりと終わりの時刻を入力してください。",
    "start.not-a-time": "時刻を24時間で入力してください（例：9:00）。",
    "end.before-start": "終わりの時刻は、始まりの時刻より後にしてください。",
    "last.before-first": "終わりの日は、始まりの日以後にしてください。",
    "seats.not-a-count": "組数は1以上の数字で入力してください。",
    "end.not-a-time": "時刻を24時間で入力してください（例：12:00）。",
    "text.too-long": "お知らせの文は200文字までで入力してください。",
    "roster.required": "担当する人の名前を、1人以上指定してください。空の名前は使えません。",
    "roster.too-long": "担当する人は50人まで、名前は60文字までです。",
    "roster.twice": "同じ名前が2つあります。別の人なら、区別できる名前にしてください。",
    "who.required": "休む担当者を選んでください。",
    "scope.required": "窓口か相談を選んでください。",
    "first.missing": "始まりの日を入力してください（例：2026-12-19）。",
    "session.missing": "日付を入力してください（例：2026-12-19）。",
    "to.missing": "移す先の日を入力してください（例：2026-12-20）。",
    "changes.unreadable": "内容を読み取れません。「休止・臨時の設定」の画面から、入力し直してください。",
    "take.required": "登録する日を1つ以上選んでください。",
    "bookings.required": "影響を受ける予約をどうするかを選んでください。",
    "any.not-written": "日付を 2026-12-19 か 令和8年12月19日 の形で入力してください。",
    "any.out-of-calendar": "2000年から2099年までの日付を指定してください。",
    "any.not-read": "この項目を読み取れません（{said}）。",
    "any.required": "この項目は省けません。値を入れてください。",
    "any.unknown": "選べる値ではありません。使える値を確かめてください。",
    "any.wrong-type": "値の種類が違います。文字か数字か、書き方を確かめてください。",
    "problem.unreadable": "内容を読み取れません。送る形を確かめて、もう一度送ってください。",
    "problem.not-json": "JSONで送ってください（Content-Type: application/json）。",
    "problem.too-large": "内容が大きすぎます。短くして、もう一度送ってください。",
    "problem.key-required": "職員用の鍵が要ります（Authorization: Bearer …）。鍵が有効かを確かめてください。",
    "problem.forbidden": "この鍵では見ることだけができます。変更できる鍵を使ってください。",
    "problem.not-found": "見つかりません。アドレスや番号を確かめてください。",
    "problem.method-not-allowed": "このアドレスでは使えない操作です。使える操作は Allow にあります。",
    "problem.not-ready": "いま準備ができていません。しばらくしてから、もう一度お試しください。",
    "problem.unexpected": "こちらの不具合で処理できませんでした。しばらくしてから、もう一度お試しください。",
    "problem.invalid": "受け付けられない項目があります。errors の項目を直して、もう一度送ってください。",
    "problem.key-reused": "この Idempotency-Key は別の内容に使われています。新しい値にしてください。",
    "problem.not-bookable": "この日時は予約を受け付けられません。別の日時を選んでください。",
    "problem.slot-taken": "この時間は埋まりました。別の時間を選んでください。",
    "problem.session-full": "この日は満席になりました。別の日を選んでください。",
    "problem.bookings-touched": "この変更で影響を受ける予約があります。予約をどうするかを選んでください。",
    "problem.limit-reached": "この相談をご利用いただける回数に達しています。お電話でお尋ねください。",
    "problem.already-booked": "同じ方の予約がすでにあります。変更は、いまの予約から行ってください。",
    "problem.not-allowed": "いまの予約の状態では、この操作はできません。予約の状態を確かめてください。",
    "problem.changed-meanwhile": "ほかの人がこの予約を変更しました。いまの内容を確かめて、やり直してください。",
    "problem.too-late": "予約の時刻を過ぎたため、ここでは変更できません。窓口に電話でご連絡ください。",
    "problem.slow-down": "お申し込みが続いています。しばらくたってからお試しになるか、窓口に電話でご連絡ください。",
}


def sentence(field: str, code: str, facts: Mapping[str, object] | None = None) -> str:
    """The Japanese sentence for a field's error: what is wrong and what to do."""
    known = SENTENCES.get(f"{field}.{code}") or SENTENCES.get(f"any.{code}")
    template = known or "入力内容を確かめてください。"
    return template.format(**facts) if facts else template


TIES: Mapping[str, str] = {
    "live": "住んでいる",
    "stay": "住民票はないが、暮らしている",
    "work": "働いている",
    "study": "通学している",
    "relative": "住んでいる方などの親族",
    "other": "どれにも当てはまらない・分からない",
}
PER: Mapping[str, str] = {
    "open": "お申し込みは、一度に{count}件までです。前のご相談が済んでから、お申し込みください。",
    "session": "この日のご相談は、お一人{count}件までです。",
    "fiscal_year": "この相談のご利用は、お一人年度に{count}回までです。",
    "matter": "この相談のご利用は、同じご用件では{count}回までです。",
    "ever": "この相談のご利用は、お一人{count}回までです。",
}
REASONS: Mapping[str, str] = {
    "no-session": "この日には開催がありません。",
    "undecided": "この日に開催するかどうかは、まだ決まっていません。",
    "holiday": "この日は休みのため、開催がありません。",
    "closure": "この日時の開催は中止になりました。",
    "past": "この日時は過ぎています。",
    "not-open-yet": "この日の予約の受付は、まだ始まっていません。",
    "booking-closed": "この日の予約の受付は終わりました。",
    "too-short-notice": "この時間は、もう間に合いません。",
    "other-channel": "この相談は、この方法では予約できません。",
    "full": "満席です。",
}
TIMES_OF_DAY: Mapping[str, str] = {
    "any": "いつでもよい",
    "morning": "午前",
    "afternoon": "午後（午後5時まで）",
    "evening": "夜間（午後5時から）",
}
# How a party would like to hear from us first.
CONTACT_WISHES: Mapping[str, str] = {
    "call": "電話",
    "line": "LINE",
    "mail": "メール",
    "sms": "ショートメッセージ（SMS）",
    "letter": "手紙",
}
CHANNELS: Mapping[str, str] = {
    "phone": "電話",
    "line": "LINE",
    "in-person": "窓口",
    "mail": "メール",
    "fax": "FAX",
    "letter": "手紙",
}


def date_and_time(at: datetime) -> str:
    """令和8年12月19日（土）午前9時45分. `at` must already be in the desk's zone."""
    return f"{era_date(at.date())}{clock_time(at)}"


def limit_text(limit: Limit) -> str:
    """That a party has been as often as a limit lets it: the desk's own words, or ours."""
    if limit.text:
        return limit.text
    return PER[limit.per].format(count=limit.at_most)


def not_bookable(reason: str, since: datetime | None = None) -> str:
    """Why something can't be booked, in a sentence; `since`, in the desk's zone, tells from when."""
    text = REASONS.get(reason, "予約を受け付けられません。")
    if since is None:
        return text
    if reason == "not-open-yet":
        return f"{text}受付は{date_and_time(since)}からです。"
    if reason == "booking-closed":
        return f"{text}受付は{date_and_time(since)}まででした。"
    return text
